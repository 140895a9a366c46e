"""Which runs are known to be dead to who holds the lease of their environment. Pure."""

import datetime
from collections.abc import Iterator

from shared.journal.history import PastRun
from shared.lease.liveness import same_machine
from shared.lease.record import LeaseRecord, Owner
from shared.recovery.verdict import DeadRun


def dead_runs(last: PastRun | None, previous: LeaseRecord | None, here: Owner) -> Iterator[DeadRun]:
    """Yield them: the last run that has a journal, and the one from whose dead owner the lease was taken.

    A run that ended is among them, as one of its engines may have died. previous: what the lease said before.
    """
    if last is not None:
        yield DeadRun(
            host=last.record.owner.host,
            here=same_machine(last.record.owner, here),
            stacks=frozenset(one.stack for one in last.transitions if one.state == "started"),
        )
    if previous is not None:
        yield DeadRun(
            host=previous.owner.host,
            here=same_machine(previous.owner, here),
            stacks=None,
            since=_time(previous.since),
        )


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
