"""The status of an environment for people, as lines of text. Pure."""

from collections.abc import Iterator

from shared.status.model import LeaseStatus, RunStatus, Status

_ALIVE = {"alive": "which runs", "dead": "which is dead", "unknown": "of which this machine knows nothing"}


def status_lines(status: Status) -> Iterator[str]:
    """Yield the lines."""
    name = status.environment
    yield from _run(name, status.last_run) if status.last_run else [f"{name}: no run was ever begun"]
    yield ""
    yield from _locked(name, status)
    for one in status.stale:
        if one.outputs:
            yield f"{one.stack} read {', '.join(one.outputs)} of {one.upstream}, changed since: deploy it again"
        if one.unknown:
            secrets = ", ".join(one.unknown)
            yield f"{one.stack} read {secrets} of {one.upstream}, which may have changed: secrets cannot be compared"
    if not status.stale:
        yield "no stack has read what has changed since"
    for one in status.pending:
        kind, _, resource = one.urn.rpartition("::")
        yield f"{one.stack}: {one.operation} {resource} ({kind.rpartition('::')[2]}) was begun and has no end"
    if not status.pending:
        yield "no operation is half done"


def _run(name: str, run: RunStatus) -> Iterator[str]:
    yield f"{name}: the last run was {run.command} ({run.run}) by {run.owner}: {run.state}"
    until = f", ended {run.ended}" if run.ended else ""
    yield f"  began {run.started}{until}"
    if run.commit:
        yield f"  commit {run.commit}"
    if run.continues:
        yield f"  went on with {run.continues}"
    width = max((len(stack.name) for stack in run.stacks), default=0)
    for stack in run.stacks:
        yield f"  {stack.name:{width}}  {stack.state}"
    if run.resumable:
        yield f"  invoke resume --env {name} goes on with it"


def _locked(name: str, status: Status) -> Iterator[str]:
    yield _lease(name, status.lease) if status.lease else f"{name} is not locked"
    for lock in status.locks:
        yield f"{lock.stack} is locked by an engine of {lock.owner} since {lock.since}"


def _lease(name: str, lease: LeaseStatus) -> str:
    fix = f"; the next command ends that, or invoke unlock --env {name}" if lease.alive != "alive" else ""
    return f"{name} is locked by {lease.owner}, {_ALIVE[lease.alive]}, at {lease.command} since {lease.since}{fix}"
