"""What a plan set says of itself: what it was made from, and what it is to do."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

SCHEMA_VERSION: Literal[1] = 1

Kind = Literal["create", "update", "replace", "delete"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")]
# A stack's name is the name of a file in the archive.
StackName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class Part(BaseModel):
    """A frozen part of a manifest, with its known fields only."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class PlannedOperation(Part):
    """What is to happen to one resource."""

    urn: str
    certain: Kind | None
    """What the values that are known ask for; None where they ask for nothing."""
    possible: Kind | None
    """What may happen instead, when a value that is not known yet changes; None where nothing more can."""
    properties: tuple[str, ...]
    """Names of the properties that change. Never values."""


class PlannedStack(Part):
    """What is to happen to one stack, and the state that this was found in."""

    name: StackName
    plan_sha256: Sha256
    """SHA-256 of the engine's plan file."""
    checkpoint: Sha256 | None
    """Canonical hash of its checkpoint; None where the stack did not exist."""
    upstreams: Mapping[str, Sha256 | None]
    """Canonical hashes of the checkpoints of the stacks that it reads from."""
    operations: tuple[PlannedOperation, ...]
    changed_outputs: tuple[str, ...]
    """Names of the outputs that are planned to differ from the published ones."""


class Manifest(Part):
    """What a plan set was made from, and its stacks in the order of deployment."""

    schema_version: Literal[1]
    environment: str
    created: Moment
    """When it was made: UTC, ISO 8601."""
    commit: str | None
    """The commit of the work tree, for information: merges and squashes give the same sources a new one."""
    sources: Mapping[str, Sha256]
    """SHA-256 of each source file, by its path in the repository."""
    values: Mapping[str, JsonValue]
    """The values of the environment file, by dotted key. They are no secrets."""
    versions: Mapping[str, str]
    """Versions of the engine, Python and the Pulumi SDKs."""
    stacks: tuple[PlannedStack, ...]

    @model_validator(mode="after")
    def _each_stack_is_there_once(self) -> Self:
        names = [stack.name for stack in self.stacks]
        if len(set(names)) != len(names):
            raise ValueError("a stack is there twice")
        return self
