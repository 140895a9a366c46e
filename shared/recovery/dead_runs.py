"""Which runs are known to be dead to who holds the lease of their environment. Pure."""

import datetime
from collections.abc import Iterable, Iterator

from shared.journal.history import PastRun
from shared.lease.liveness import same_machine
from shared.lease.record import DeadOwner, Owner
from shared.recovery.verdict import DeadRun


def dead_runs(last: PastRun | None, owners: Iterable[DeadOwner], here: Owner) -> Iterator[DeadRun]:
    """Yield them: the last run that has a journal, and those of dead owners of the lease.

    A run that ended is among them, as one of its engines may have died. owners: whose leavings were not put right yet.
    """
    if last is not None:
        yield DeadRun(
            host=last.record.owner.host,
            here=same_machine(last.record.owner, here),
            stacks=frozenset(one.stack for one in last.transitions if one.state == "started"),
        )
    for one in owners:
        yield DeadRun(
            host=one.owner.host,
            here=same_machine(one.owner, here),
            stacks=None,
            since=_time(one.since),
        )


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
