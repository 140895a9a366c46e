"""What a check is and what it answers."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The answer of one check.

    ok: whether the repository passes; detail: what was found, one finding per line, empty where there is nothing to
    say; fix: what to do about it, one sentence or command, empty where ok.
    """

    ok: bool
    detail: str = ""
    fix: str = ""


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing that holds for every commit. name: what `invoke check` calls it; run: looks, and changes nothing."""

    name: str
    run: Callable[[], CheckResult]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckOutcome:
    """A check's answer with its name and the time it took, in seconds."""

    name: str
    result: CheckResult
    seconds: float


def passed() -> CheckResult:
    """Return the answer of a check that found nothing."""
    return CheckResult(ok=True)


def failed(findings: list[str], *, fix: str) -> CheckResult:
    """Return the answer of a check that found something."""
    return CheckResult(ok=False, detail="\n".join(findings), fix=fix)
