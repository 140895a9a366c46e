"""What a planned deployment would take from the stacks that read from it: outputs removed, retyped or laid bare."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from shared.absent import ABSENT
from shared.orchestration.planned_outputs import UNKNOWN, is_secret

Outputs = Mapping[str, Any]

_KINDS = {str: "text", bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "a map"}
_KEEP = "publish it as before, or take it out of its readers first"
_NEW_NAME = "publish the new one under another name, move the readers to it, and take this one away then"
_SECRET = "declare it secret again"  # noqa: S105  a sentence


@dataclasses.dataclass(frozen=True, kw_only=True)
class BrokenOutput:
    """An output that cannot be read any more as it was. problem and remedy: clauses."""

    name: str
    problem: str
    remedy: str

    def sentence(self, readers: tuple[str, ...]) -> str:
        """Return it in words. readers: who reads it."""
        verb = "reads" if len(readers) == 1 else "read"
        who = readers[0] if len(readers) == 1 else f"{', '.join(readers[:-1])} and {readers[-1]}"
        return f"output {self.name} {self.problem}, and {who} {verb} it; {self.remedy}"


def broken_outputs(deployed: Outputs, planned: Outputs) -> tuple[BrokenOutput, ...]:
    """Return the outputs that are published now and would not be, or not as before, in order."""
    found = ((name, _broken(name, deployed, planned)) for name in sorted(deployed))
    return tuple(BrokenOutput(name=name, problem=what[0], remedy=what[1]) for name, what in found if what)


def _broken(name: str, deployed: Outputs, planned: Outputs) -> tuple[str, str] | None:
    if name not in planned:
        return f"is not published any more{_renamed(name, deployed, planned)}", _KEEP
    before, after = deployed[name], planned[name]
    if is_secret(before) and not is_secret(after) and after != UNKNOWN:
        return "was a secret and would be published in clear", _SECRET
    was, becomes = _kind(before), _kind(after)
    if was and becomes and was != becomes:
        return f"was {was} and would be {becomes}", _NEW_NAME
    return None


def _renamed(name: str, deployed: Outputs, planned: Outputs) -> str:
    """Return a guess at its new name: one that is new, and has its value."""
    value = deployed[name]
    new = [other for other in planned if other not in deployed and planned[other] == value]
    return f" (is it {new[0]} now?)" if len(new) == 1 else ""


def _kind(value: Any) -> str | None:
    if value is None or value in (UNKNOWN, ABSENT) or is_secret(value):
        return None
    return _KINDS.get(type(value))
