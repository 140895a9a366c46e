"""What the object says that locks an environment."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.lease.errors import LeaseUnreadableError

# Printable only: it is shown on terminals, and somebody else wrote it.
Text = Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,256}$")]


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Owner(_Record):
    """A process that works on an environment, and where its id means something."""

    user: Text
    host: Text
    pid: int
    started: int | None
    """When the process began, in clock ticks since its machine did ("proc_pid_stat", Linux); None: not known."""
    machine: Text
    """Id of the machine's installation; empty where there is none."""
    boot: Text
    """Id of what has run since the machine was started; empty where there is none."""
    processes: Text
    """Which processes it sees: those of one container do not see the others' of the machine; empty: not known."""

    def __str__(self) -> str:
        """Return who it is, for people."""
        return f"{self.user} on {self.host} (process {self.pid})"


class DeadOwner(_Record):
    """An owner that died, and of which nobody has put right yet what it left behind."""

    owner: Owner
    since: Text
    """When it took the lease: UTC, ISO 8601."""


class LeaseRecord(_Record):
    """Who works on an environment."""

    schema_version: Literal[1] = 1
    environment: Text
    holder: Text
    """Random name of this one taking of the lease."""
    owner: Owner
    command: Text
    run: Text
    """Id of the run; empty where none has begun yet, as when previews are made."""
    since: Text
    """When it was taken: UTC, ISO 8601. For people: clocks of two machines are never compared."""
    heartbeat: int = 0
    """Counts up while the owner lives."""
    time_to_live: Annotated[float, Field(gt=0)]
    """Seconds: an owner whose heartbeat does not move for so long, while somebody watches, is dead."""
    released: bool = False
    """Whether it was given back. The object stays: it cannot be deleted on condition that it is still one's own."""
    dead: tuple[DeadOwner, ...] = ()
    """Earlier owners, of each machine the first: who takes a lease from them may die too before it is done."""


def doing(record: LeaseRecord) -> str:
    """Return for people what an owner does: "deploy since 2026-11-21T17:00:00Z (run ...)"."""
    run = f" (run {record.run})" if record.run else ""
    return f"{record.command} since {record.since}{run}"


def dead_of(record: LeaseRecord) -> tuple[DeadOwner, ...]:
    """Return the dead owners that who takes this lease hears of, its own among them where it was not given back."""
    if record.released or any(_machine(one.owner) == _machine(record.owner) for one in record.dead):
        return record.dead
    return (*record.dead, DeadOwner(owner=record.owner, since=record.since))


def _machine(owner: Owner) -> tuple[str, ...]:
    return owner.host, owner.machine, owner.boot, owner.processes


def object_name(environment: str) -> str:
    """Return the name of an environment's object in its state store."""
    return f"leases/{environment}.json"


def content_of(record: LeaseRecord) -> bytes:
    """Return a record as it is stored."""
    # Without what is hardly ever there a record stays one that earlier versions of this program can read.
    return record.model_dump_json(exclude=None if record.dead else {"dead"}).encode()


def record_of(environment: str, content: bytes) -> LeaseRecord:
    """Return the stored record of an environment. Raises LeaseUnreadableError."""
    try:
        record = LeaseRecord.model_validate_json(content)
    except ValidationError:
        raise LeaseUnreadableError(environment=environment, object_name=object_name(environment)) from None
    if record.environment != environment:
        raise LeaseUnreadableError(environment=environment, object_name=object_name(environment))
    return record
