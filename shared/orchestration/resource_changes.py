"""What would happen, or happened, to one resource, and how sure that is."""

import dataclasses
from typing import Literal

Kind = Literal["create", "update", "replace", "delete"]
KINDS: tuple[Kind, ...] = ("replace", "delete", "create", "update")
"""All kinds, those that can lose something first."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PropertyChange:
    """One property before and after, as a person reads it; a secret is "[secret]". Empty: there is none.

    output: whether it is what a cloud reports, where no input differs.
    """

    path: str
    before: str
    after: str
    output: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceChange:
    """What a preview says of one resource that does not stay as it is.

    certain: what happens at least; None where perhaps nothing does. possible: what may happen beyond that. properties:
    inputs that change. reasons: why more is possible, from the nearest to the farthest. details: values of properties.
    """

    urn: str
    certain: Kind | None
    possible: Kind | None = None
    properties: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    details: tuple[PropertyChange, ...] = dataclasses.field(default=(), repr=False)

    @property
    def type(self) -> str:
        """Return the type token, without its parents."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """Return the name that the program gives it."""
        return name_of(self.urn)

    @property
    def strongest(self) -> Kind:
        """Return the most that may happen."""
        return self.possible or self.certain or "update"


def type_of(urn: str) -> str:
    """Return the type token in a URN, without the types of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def name_of(urn: str) -> str:
    """Return the name in a URN. A name may have colons itself."""
    return "::".join(urn.split("::")[3:])


def is_default_provider(urn: str) -> bool:
    """Return whether it is a provider that the engine makes by itself."""
    kind, _, name = urn.rpartition("::")
    return kind.split("::")[-1].startswith("pulumi:providers:") and name.startswith("default")
