"""What a file of faults says."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.sandbox.faults.calls import Stage, Victim

_Glob = Annotated[str, Field(min_length=1)]
_Seconds = Annotated[float, Field(ge=0)]


def _is_true(value: bool) -> bool:  # noqa: FBT001  pydantic calls it so
    if not value:
        raise ValueError("should be seconds, or true")
    return value


class _Part(BaseModel):
    """A part of the file. Keys it does not know and values of another type are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Seconds(_Part):
    """How long operations on one type take."""

    create: _Seconds | None = None
    update: _Seconds | None = None
    delete: _Seconds | None = None
    read: _Seconds | None = None


class Latency(_Part):
    """How slow the clouds are."""

    scale: _Seconds = 0.0
    """Factor of every wait: 0 is no wait at all, 1 is as long as the real clouds take."""

    before: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of a wait that lies before the cloud has done what it was asked for; the rest lies after it."""

    seconds: Mapping[_Glob, Seconds] = {}
    """Waits by type token, or glob over these, in place of those in shared/sandbox/faults/latencies.py."""


class InjectedError(_Part):
    """The error that a cloud answers with."""

    code: Annotated[str, Field(min_length=1)]
    """The service's error code."""

    message: str = ""
    """The service's sentence; by default the one that goes with the code."""

    status: Annotated[int, Field(ge=400, le=599)] | None = None
    """The HTTP status; by default the one that goes with the code, or 400."""


class Rule(_Part):
    """One fault: which operations it meets, how often, and what it does. Exactly one of error, hang and kill."""

    operation: Literal["create", "update", "delete", "read", "check", "diff", "invoke", "configure", "*"] = "*"
    """What the engine asks for. Creations and updates in a preview are none: no cloud hears of them."""

    type: _Glob = "*"
    """Type token, token of a function, or pulumi:providers:NAME for configure; or a glob over these."""

    name: _Glob = "*"
    """Glob over the resource's name in the program: the last part of its URN. invoke and configure have none."""

    stack: _Glob = "*"
    """Glob over the stack's name. invoke and configure have none."""

    skip: Annotated[int, Field(ge=0)] = 0
    """How many matching operations are let through first."""

    times: Annotated[int, Field(ge=1)] | Literal["always"] = 1
    """How many operations after these it meets."""

    when: Stage = "before"
    """Whether it happens before or after the cloud has done what it was asked for."""

    error: InjectedError | None = None
    """Answer with this error."""

    hang: Annotated[bool, AfterValidator(_is_true)] | Annotated[float, Field(gt=0)] | None = None
    """Take this many seconds longer; true: hang until the engine is gone."""

    kill: Victim | None = None
    """Kill these processes."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum(one is not None for one in (self.error, self.hang, self.kill)) != 1:
            raise ValueError("does not say exactly one of error, hang and kill")
        return self


class Faults(_Part):
    """The whole file. An empty one is no fault at all."""

    latency: Latency = Latency()
    rules: tuple[Rule, ...] = ()
