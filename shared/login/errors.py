"""What can be wrong with the logins on a machine."""

import dataclasses
from typing import Literal

Cloud = Literal["Azure", "AWS"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class MissingLogin:
    """There is no usable login for a cloud. reason: what was found instead; fix: the command or variable that helps."""

    cloud: Cloud
    reason: str
    fix: str


class LoginMissingError(Exception):
    """Logins are missing. missing: one entry for each cloud; clouds: their names."""

    def __init__(self, missing: tuple[MissingLogin, ...]) -> None:
        self.missing = missing
        self.clouds = tuple(login.cloud for login in missing)
        reasons = " and ".join(f"{login.cloud} ({login.reason})" for login in missing)
        fixes = ", and ".join(login.fix for login in missing)
        super().__init__(f"there is no login for {reasons}; {fixes}")


class WrongLoginError(Exception):
    """The login is not the one that the environment file means.

    cloud; what: subscription, tenant or account; expected: the id in the file; found: that of the login; key: the
    file's dotted key; path: the file.
    """

    def __init__(self, *, cloud: Cloud, what: str, expected: str, found: str, path: str, key: str, fix: str) -> None:
        self.cloud: Cloud = cloud
        self.what = what
        self.expected = expected
        self.found = found
        self.path = path
        self.key = key
        self.fix = fix
        super().__init__(f"the {cloud} login belongs to {what} {found}, and {path} says {expected} ({key}); {fix}")
