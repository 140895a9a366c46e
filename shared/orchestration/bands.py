"""What is certain and what is possible in a stack, from two previews of it.

The first reads unknown outputs of upstreams as what they were last, the second as unknown. What the first one's known
values ask for is certain; what goes beyond it in either may happen, when a value that is not known yet changes.
"""

import dataclasses
from collections.abc import Mapping
from typing import cast

from shared.orchestration.job import Changes, changes_of
from shared.orchestration.resource_changes import Kind, ResourceChange

_STRENGTH = {"same": 0, "update": 1, "replace": 2, "create": 3, "delete": 3}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecast:
    """kinds: what is certain, by URN, "same" among them. possible: what may happen instead, by URN."""

    kinds: Mapping[str, str]
    possible: Mapping[str, str]

    @property
    def changes(self) -> Changes:
        """Return how many resources are certain to be touched."""
        return changes_of(self.kinds)

    @property
    def resources(self) -> tuple[ResourceChange, ...]:
        """Return what does not surely stay as it is, in the order of the URNs."""
        urns = sorted({urn for urn, kind in self.kinds.items() if kind != "same"} | set(self.possible))
        return tuple(
            ResourceChange(urn=urn, certain=_kind(self.kinds.get(urn)), possible=_kind(self.possible.get(urn)))
            for urn in urns
        )


def forecast(least: Mapping[str, str], *previews: Mapping[str, str]) -> Forecast:
    """Return what is certain and what is possible.

    least: what happens at least to each resource; previews: what each preview says.
    """
    possible: dict[str, str] = {}
    for kinds in previews:
        for urn, kind in kinds.items():
            if _is_more(kind, possible.get(urn, least.get(urn))):
                possible[urn] = kind
    return Forecast(kinds=dict(least), possible=possible)


def _is_more(kind: str, than: str | None) -> bool:
    return _STRENGTH[kind] > _STRENGTH[than or "same"]


def _kind(kind: str | None) -> Kind | None:
    return None if kind in {None, "same"} else cast("Kind", kind)
