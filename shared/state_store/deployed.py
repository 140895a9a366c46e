"""What each stack was deployed from, kept beside its state: who finds nothing changed need not preview it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from shared.state_store.store import StateStore


class DeployedRecord(BaseModel):
    """What the last successful deployment of a stack was made from. It holds hashes and names, no values."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    schema_version: Literal[1] = 1
    stack: str
    environment: str
    fingerprint: JsonValue
    """Of what the program is made of and reads."""
    consumed: str | None
    """Hash of the outputs that it read from other stacks; None where it reads none."""
    checkpoint: str
    """Canonical hash of the checkpoint that the deployment left."""
    commit: str | None
    """The commit of the work tree, for information."""
    time: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")]
    """When it ended: UTC, ISO 8601."""


def save(store: StateStore, record: DeployedRecord) -> None:
    """Keep a record in place of the stack's last one. Raises StateStoreError."""
    store.put(_name(record.environment, record.stack), record.model_dump_json().encode())


def load(store: StateStore, *, environment: str, stack: str) -> DeployedRecord | None:
    """Return the record of a stack; None where there is none that can be trusted. Raises StateStoreError.

    One that is damaged, newer than this program, or of another stack counts as none: the stack is then previewed.
    """
    content = store.get(_name(environment, stack))
    if content is None:
        return None
    try:
        record = DeployedRecord.model_validate_json(content)
    except ValidationError:
        return None
    return record if (record.environment, record.stack) == (environment, stack) else None


def forget(store: StateStore, *, environment: str, stack: str) -> None:
    """Delete the record of a stack, if there is one: before a deployment, and after it was destroyed.

    Raises StateStoreError.
    """
    store.delete(_name(environment, stack))


def _name(environment: str, stack: str) -> str:
    return f"deployed/{environment}/{stack}.json"
