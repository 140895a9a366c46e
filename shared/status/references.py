"""Which stacks read outputs of others that have changed since. Pure: from checkpoints alone.

The resource of a StackReference in a checkpoint holds the outputs of the other stack as they were when the program ran.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, Literal

from shared.orchestration.planned_outputs import is_secret, outputs_of_checkpoint, resources_of

Checkpoints = Mapping[str, Mapping[str, Any]]
Reads = Callable[[str, str], Collection[str] | None]
"""Returns which outputs a stack's program reads of an upstream; None where that is not known: any of them."""

_REFERENCE: Final = "pulumi:pulumi:StackReference"


@dataclasses.dataclass(frozen=True, kw_only=True)
class StaleReference:
    """What a stack read of another, and is another now. outputs: names of those that changed.

    unknown: names of secrets that may have changed: ciphertexts of two stacks cannot be compared.
    """

    stack: str
    upstream: str
    outputs: tuple[str, ...]
    unknown: tuple[str, ...]


def stale_references(checkpoints: Checkpoints, reads: Reads) -> tuple[StaleReference, ...]:
    """Return them, sorted. Only outputs that the reader's program reads count.

    reads is asked only where an output differs.
    """
    found = (one for stack in sorted(checkpoints) for one in _of(stack, checkpoints, reads))
    return tuple(one for one in found if one.outputs or one.unknown)


def _of(stack: str, checkpoints: Checkpoints, reads: Reads) -> Iterator[StaleReference]:
    for reference in resources_of(checkpoints[stack]):
        if reference["type"] != _REFERENCE:
            continue
        upstream = str(reference["id"]).split("/")[1]
        was = (reference.get("outputs") or {}).get("outputs") or {}
        now = outputs_of_checkpoint(checkpoints.get(upstream))
        differ = {name: found for name in sorted({*was, *now}) if (found := _compared(was, now, name)) != "same"}
        wanted = reads(stack, upstream) if differ else None
        mine = {name: found for name, found in differ.items() if wanted is None or name in wanted}
        later = _time(checkpoints.get(upstream)) > _time(checkpoints[stack])
        yield StaleReference(
            stack=stack,
            upstream=upstream,
            outputs=tuple(name for name, found in mine.items() if found == "another"),
            unknown=tuple(name for name, found in mine.items() if found == "unknown" and later),
        )


def _compared(was: Any, now: Any, name: str) -> Literal["same", "another", "unknown"]:
    if is_secret(was):
        return "unknown"
    if (name in was) != (name in now):
        return "another"
    return compared(was[name], now[name])


def compared(was: Any, now: Any) -> Literal["same", "another", "unknown"]:
    """Return whether two values of checkpoints are alike; of secrets nobody knows."""
    if is_secret(was) and is_secret(now):
        return "unknown"
    if isinstance(was, Mapping) and isinstance(now, Mapping) and not is_secret(was) and not is_secret(now):
        pairs = [(was.get(key), now.get(key)) for key in {*was, *now}]
        if was.keys() != now.keys():
            return "another"
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        pairs = list(zip(was, now, strict=True))
    else:
        return "same" if was == now else "another"
    inner = {compared(before, after) for before, after in pairs}
    return "another" if "another" in inner else "unknown" if "unknown" in inner else "same"


def _time(checkpoint: Mapping[str, Any] | None) -> str:
    """Return when a checkpoint was written: one machine's clock wrote it, so it is a hint and no more."""
    latest = ((checkpoint or {}).get("checkpoint") or {}).get("latest") or {}
    return str((latest.get("manifest") or {}).get("time") or "")
