"""A lease that this process has: it beats while it is kept, and knows when it is lost."""

import threading
from contextlib import suppress

from shared.lease.errors import LeaseUnreadableError
from shared.lease.record import DeadOwner, LeaseRecord, content_of, object_name, record_of
from shared.lease.timing import Clock, Timing
from shared.state_store.errors import StateStoreError
from shared.state_store.store import StateStore

_TRIES = 3


class Lease:
    """The lease of one environment, taken. Thread-safe."""

    def __init__(
        self,
        store: StateStore,
        record: LeaseRecord,
        *,
        taken: float,
        timing: Timing | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Begin to beat. taken: clock.always() before the record was written."""
        self._store = store
        self._record = record
        self._run = record.run
        self._dead = record.dead
        self._timing = timing or Timing()
        self._clock = clock or Clock()
        self._written = taken
        self._problem = ""
        self._lost = ""
        self._guard = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of {record.environment}", daemon=True)
        self._thread.start()

    @property
    def record(self) -> LeaseRecord:
        """Return what was written last."""
        with self._guard:
            return self._record

    @property
    def lost(self) -> str:
        """Return why others may work on the environment now; empty while nobody else may. Once lost, always lost.

        It is lost before others may take it where no heartbeat can be written.
        """
        with self._guard:
            silent = self._clock.always() - self._written
            if not self._lost and silent >= self._timing.lost_after:
                why = f" ({self._problem})" if self._problem else ""
                self._lost = f"the lease of {self._record.environment} could not be renewed for {silent:.0f} s{why}"
            return self._lost

    @property
    def dead(self) -> tuple[DeadOwner, ...]:
        """Return the earlier owners that died, and of which nobody has put right what they left behind."""
        with self._guard:
            return self._dead

    def put_right(self) -> None:
        """Say in the lease that nothing is left of owners that died, as far as the backend answers."""
        with self._guard:
            before, self._dead = self._dead, ()
        if before:
            self._beat()

    def runs(self, run: str) -> None:
        """Say in the lease which run it is for, as far as the backend answers. A heartbeat says it again."""
        with self._guard:
            self._run = run
        self._beat()

    def release(self) -> None:
        """Give it back, if it is still this one. Raises StateStoreError; it then ends by itself."""
        self._ending.set()
        # A heartbeat that hangs is not waited for: it writes nothing over what is written here.
        self._thread.join(timeout=self._timing.poll)
        name = object_name(self.record.environment)
        for _ in range(_TRIES):
            found = self._store.get_versioned(name)
            with suppress(LeaseUnreadableError):
                if found is None or not self._is_mine(record_of(self.record.environment, found.content)):
                    return
                given_back = content_of(self.record.model_copy(update={"released": True, "dead": self.dead}))
                if self._store.replace(name, given_back, found.version):
                    return

    def _keep(self) -> None:
        while not self._ending.wait(self._timing.heartbeat):
            self._beat()

    def _beat(self) -> None:
        try:
            for _ in range(_TRIES):
                if self._ending.is_set() or self._renewed():
                    return
        except StateStoreError as error:
            with self._guard:
                self._problem = error.problem

    def _renewed(self) -> bool:
        """Write a heartbeat. Return whether there is nothing more to do: it was written, or the lease is lost."""
        asked = self._clock.always()
        environment = self._record.environment
        found = self._store.get_versioned(object_name(environment))
        if found is None:
            return self._lose(f"the lease of {environment} was deleted")
        try:
            current = record_of(environment, found.content)
        except LeaseUnreadableError:
            return self._lose(f"the lease of {environment} was overwritten with what cannot be read")
        if not self._is_mine(current):
            by = "somebody unlocked it" if current.released else f"{current.owner} took it for {current.command}"
            return self._lose(f"the lease of {environment} was lost: {by}")
        beaten = current.model_copy(update={"heartbeat": current.heartbeat + 1, "run": self._run, "dead": self._dead})
        if not self._store.replace(object_name(environment), content_of(beaten), found.version):
            return False
        with self._guard:
            self._record, self._written, self._problem = beaten, asked, ""
        return True

    def _is_mine(self, record: LeaseRecord) -> bool:
        return record.holder == self._record.holder and not record.released

    def _lose(self, why: str) -> bool:
        with self._guard:
            self._lost = self._lost or why
        return True
