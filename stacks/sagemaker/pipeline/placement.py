"""Which steps a definition has, in reading order, and which of them must have run before which."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from stacks.sagemaker.pipeline.document import DocumentPart, StepPart, branches
from stacks.sagemaker.pipeline.errors import DefinitionError


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlacedStep:
    """A step and where it stands. branch: the branches around it, outermost first, as (condition step, branch)."""

    step: StepPart
    branch: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Return the step's name."""
        return self.step.Name

    @property
    def own(self) -> dict[str, Any]:
        """Return the step's JSON data without the steps in its branches."""
        inner = {"IfSteps", "ElseSteps"} if self.step.Type == "Condition" else set[str]()
        return self.step.model_dump(exclude={"Arguments": inner})

    def runs_with(self, other: "PlacedStep") -> bool:
        """Return whether this step runs whenever `other` does."""
        return self.branch == other.branch[: len(self.branch)]


def placed_steps(document: DocumentPart) -> dict[str, PlacedStep]:
    """Return all steps by name, in reading order. Raises DefinitionError where two have one name."""
    found: dict[str, PlacedStep] = {}
    for placed in _walk(document.Steps, ()):
        if placed.name in found:
            raise DefinitionError(placed.name, "has the name of another step; names are unique, also inside conditions")
        found[placed.name] = placed
    return found


def _walk(steps: Sequence[StepPart], branch: tuple[tuple[str, str], ...]) -> Iterator[PlacedStep]:
    for step in steps:
        yield PlacedStep(step=step, branch=branch)
        if step.Type == "Condition":
            inner = branches(step)
            yield from _walk(inner.IfSteps, (*branch, (step.Name, "IfSteps")))
            yield from _walk(inner.ElseSteps, (*branch, (step.Name, "ElseSteps")))
