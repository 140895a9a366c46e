"""What failed in an operation on a stack, and whether that passes by itself. Pure."""

import dataclasses
from collections.abc import Collection

from shared.exit_codes import ExitCode
from shared.orchestration.expired_login import login_expired
from shared.orchestration.resource_changes import name_of, type_of
from shared.orchestration.transient_errors import is_transient, transient_error


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failure:
    """Something that the engine said went wrong. urn: of the resource, empty where it is about none.

    message: the provider's or the program's words. operated: whether a resource was being made, changed or deleted.
    """

    urn: str
    message: str
    operated: bool = False

    @property
    def transient(self) -> bool:
        """Return whether it passes by itself."""
        return is_transient(self._type, self.message)

    @property
    def waited_for(self) -> str:
        """Return in words what a wait is for: the resource, and the service's code."""
        error = transient_error(self._type, self.message)
        code = f" ({error.code})" if error else ""
        return f"{name_of(self.urn) if self.urn else 'a lookup'}{code}"

    @property
    def _type(self) -> str:
        return type_of(self.urn) if self.urn else ""


def all_transient(failures: Collection[Failure]) -> bool:
    """Return whether something failed, and all of it passes by itself."""
    return bool(failures) and all(one.transient for one in failures)


def exit_code_of(failures: Collection[Failure], engines: int) -> int:
    """Return the exit code of a stack whose operation failed like this. engines: the engine's own.

    Up to version 3.259 the engine ends with 1 where a resource fails, and not with the 4 of its own table.
    """
    if any(login_expired(one.message) for one in failures):
        return ExitCode.AUTHENTICATION
    return ExitCode.RESOURCE if any(one.operated for one in failures) else engines
