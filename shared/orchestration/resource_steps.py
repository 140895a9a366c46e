"""What the engine does to one resource, step by step and with the time."""

import dataclasses
from typing import Literal

from shared.orchestration.resource_changes import name_of, type_of

StepState = Literal["begun", "done", "failed"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceStep:
    """One word of the engine about a step.

    operation: what is done, in the engine's word. at: when it was heard, as time.monotonic() has it: one clock for all
    processes of a machine. error: of a step that failed, one sentence; empty where it is not known yet.
    """

    urn: str
    operation: str
    state: StepState
    at: float
    error: str = ""

    @property
    def type(self) -> str:
        """Return the type token, without its parents."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """Return the name that the program gives the resource."""
        return name_of(self.urn)
