"""What was said of a change beside what it did. Pure functions and data."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

Kinds = Mapping[str, str]
"""By URN: create, update, replace or delete."""

_STRENGTH = {"update": 1, "replace": 2}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """What a preview says of one stack. possible: what may happen instead. blocked: why it says nothing at all."""

    certain: Kinds = dataclasses.field(default_factory=dict[str, str])
    possible: Kinds = dataclasses.field(default_factory=dict[str, str])
    blocked: str = ""

    @classmethod
    def of_preview(cls, stack: Mapping[str, Any]) -> Self:
        """Return what one stack of a preview's report says."""
        operations = stack["operations"]
        return cls(
            certain={one["urn"]: one["certain"] for one in operations if one["certain"]},
            possible={one["urn"]: one["possible"] for one in operations if one["possible"]},
        )

    @classmethod
    def of_plain_preview(cls, stack: Mapping[str, Any]) -> Self:
        """Return what Pulumi says of one stack alone: it does not tell what is sure from what is not."""
        if stack["result"] == "failed" and not stack["operations"]:
            return cls(blocked=stack["reason"])
        return cls(certain={one["urn"]: one["possible"] or one["certain"] for one in stack["operations"]})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """How what was said fared. Sentences, one per resource.

    missed: happened, and was not said. wrong: was said for sure, and did not happen, or not like that. spared: was said
    to be possible, and did not happen.
    """

    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    blocked: str = ""

    @property
    def right(self) -> bool:
        """Return whether what was said for sure happened, and nothing that was not said."""
        return not (self.missed or self.wrong or self.blocked)

    def __str__(self) -> str:
        if self.blocked:
            return "blocked"
        missed = [f"missed {len(self.missed)}"] if self.missed else []
        wrong = [f"false alarms {len(self.wrong)}"] if self.wrong else []
        return ", ".join([*missed, *wrong]) or "right"


def judge(said: Said, happened: Kinds) -> Verdict:
    """Return how what was said of a stack fared."""
    if said.blocked:
        return Verdict(blocked=said.blocked, missed=tuple(_missed(Said(), happened)))
    return Verdict(
        missed=tuple(_missed(said, happened)),
        wrong=tuple(_wrong(said, happened)),
        spared=tuple(_spared(said, happened)),
    )


def _missed(said: Said, happened: Kinds) -> Iterable[str]:
    for urn, kind in sorted(happened.items()):
        certain, possible = said.certain.get(urn), said.possible.get(urn)
        if not (_covers(certain, kind) or _covers(possible, kind)):
            yield f"{urn}: {kind}, where the preview says {certain or possible or 'nothing'}"


def _wrong(said: Said, happened: Kinds) -> Iterable[str]:
    for urn, kind in sorted(said.certain.items()):
        done = happened.get(urn)
        # More than what is certain may happen, where that was said to be possible.
        more = done is not None and _STRENGTH.get(done, 0) > _STRENGTH.get(kind, 0) and done == said.possible.get(urn)
        if done != kind and not more:
            yield f"{urn}: {done or 'nothing'}, where the preview is sure of {kind}"


def _spared(said: Said, happened: Kinds) -> Iterable[str]:
    for urn, kind in sorted(said.possible.items()):
        if happened.get(urn) != kind:
            yield f"{urn}: {happened.get(urn, 'nothing')}, where {kind} was possible"


def _covers(said: str | None, kind: str) -> bool:
    """Return whether what was said includes what happened: who expects a replacement is prepared for an update."""
    return said == kind or (kind in _STRENGTH and _STRENGTH.get(said or "", 0) > _STRENGTH[kind])


def counted(kinds: Kinds) -> dict[str, int]:
    """Return how many resources there are of each kind."""
    found = sorted(kinds.values())
    return {kind: found.count(kind) for kind in dict.fromkeys(found)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackStory:
    """One stack in one scenario: what our preview said of it, what a plain one said, and what happened.

    plain: None where the stack is not there any more.
    """

    stack: str
    said: Said
    plain: Said
    happened: Kinds

    @property
    def tells(self) -> bool:
        """Return whether anything was said of the stack, or done to it."""
        said = (self.said.certain, self.said.possible, self.plain.certain, self.said.blocked, self.plain.blocked)
        return any(said) or bool(self.happened)

    @property
    def verdict(self) -> Verdict:
        """Return how our preview fared."""
        return judge(self.said, self.happened)

    @property
    def plain_verdict(self) -> Verdict:
        """Return how the plain preview fared."""
        return judge(self.plain, self.happened)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Story:
    """One scenario as it went. platform: which stacks it is about. failures: sentences; none where all is as it should.

    seconds: what the three previews and the deployment took together.
    """

    name: str
    text: str
    platform: Literal["small", "real"]
    stacks: tuple[StackStory, ...]
    failures: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Total:
    """Stacks of all scenarios by the verdict on one way to preview."""

    right: int
    missed: int
    false_alarms: int
    blocked: int
    operations_missed: int


def total(verdicts: Iterable[Verdict]) -> Total:
    """Return the sum of verdicts."""
    found = tuple(verdicts)
    return Total(
        right=sum(one.right for one in found),
        missed=sum(bool(one.missed) and not one.blocked for one in found),
        false_alarms=sum(bool(one.wrong) for one in found),
        blocked=sum(bool(one.blocked) for one in found),
        operations_missed=sum(len(one.missed) for one in found),
    )
