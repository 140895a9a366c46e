"""One run over the stacks of an environment: start what is ready, listen, decide, until every stack has finished."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from shared.engine import Engine
from shared.orchestration.definitions import StackDefinition
from shared.orchestration.graph import Graph
from shared.orchestration.guesses import Guesses, is_calm
from shared.orchestration.job import (
    Approval,
    Message,
    Operation,
    StackJob,
    StackOutcome,
    StackOutput,
    StackProgress,
    StackWaiting,
)
from shared.orchestration.previews import Previews
from shared.orchestration.queue import GOOD, Queue, backward, forward
from shared.orchestration.retries import REAL, SIMULATED, TIME_LIMIT
from shared.orchestration.session import Session

_LISTEN_SECONDS = 0.25
_CONTRACT_ERROR = 1
_NOT_NOTED = 1
_SKIPPED = 11


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackStarted:
    """A stack began."""

    stack: str


Event = StackStarted | StackProgress | StackOutput | StackWaiting | StackOutcome


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunPlan:
    """What to do: one operation on some stacks.

    deployed: the stacks that have resources before the run; made: those that the backend has. confirmed: names of
    resources that may be lost. approvals: what each update may do. settled: stacks whose outcome is known before.
    backwards: whether stacks wait for those that read from them. time_limit: seconds; see StackJob.
    """

    operation: Operation
    definitions: tuple[StackDefinition, ...]
    graph: Graph
    selected: tuple[str, ...]
    deployed: frozenset[str]
    made: frozenset[str]
    parallel: int
    verbose: bool
    confirmed: frozenset[str] = frozenset()
    backwards: bool = False
    time_limit: float = TIME_LIMIT
    approvals: Mapping[str, Approval] = dataclasses.field(default_factory=dict[str, Approval])
    settled: Mapping[str, StackOutcome] = dataclasses.field(default_factory=dict[str, StackOutcome])

    @property
    def by_name(self) -> Mapping[str, StackDefinition]:
        """Return the definitions by stack name."""
        return {definition.name: definition for definition in self.definitions}


class WorkerPool(Protocol):
    """What a run needs of its workers; see shared.orchestration.workers.Workers."""

    def start(self, job: StackJob) -> None:
        """Start a job."""
        ...

    def messages(self, seconds: float) -> Iterator[Message]:
        """Yield what the jobs have to say, waiting at most `seconds` for the first word."""
        ...

    def interrupt(self) -> None:
        """Ask every running job to stop."""
        ...

    def kill(self) -> None:
        """End every running job at once."""
        ...


class Recorder(Protocol):
    """Keeps what a run does beyond its process; see shared.journal.writing.JournalRecorder."""

    def starting(self, stack: str) -> str:
        """Keep that a stack is about to begin; return why it may not, empty where it may."""
        ...

    def finished(self, outcome: StackOutcome) -> None:
        """Keep how a stack ended."""
        ...


class Run:
    """Does a RunPlan. observer hears every event, in order, from the thread that calls `execute`."""

    def __init__(
        self,
        plan: RunPlan,
        session: Session,
        engine: Engine,
        workers: WorkerPool,
        observer: Callable[[Event], None],
        *,
        previews: Previews | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """Take what is needed. previews: what previews know of each other; recorder: of a run that can be resumed."""
        self._plan = plan
        self._session = session
        self._engine = engine
        self._workers = workers
        self._observer = observer
        self._previews = previews
        self._recorder = recorder
        self._outcomes: dict[str, StackOutcome] = {}
        self._stopping = ""
        self._guesses = Guesses()
        self._touched: set[str] = set()
        backwards = plan.operation == "destroy" or plan.backwards
        self._queue: Queue = (backward if backwards else forward)(plan.graph, plan.selected)

    def execute(self, stop_requested: Callable[[], str]) -> tuple[StackOutcome, ...]:
        """Do it, and return the outcomes in deployment order.

        stop_requested is asked between two steps; once it says why, what runs is stopped in an orderly way and nothing
        more is started. Where it says so again, what still runs is ended at once, in the middle of what it does.
        """
        for stack in sorted(set(self._plan.settled) & set(self._plan.selected)):
            self._close(self._plan.settled[stack])
        while not self._queue.done or self._guesses.running:
            if reason := stop_requested():
                self._stop(reason)
            self._settle()
            self._guess_ahead()
            if self._at_work:
                self._listen()
        return tuple(self._outcomes[stack] for stack in self._plan.selected)

    def _stop(self, reason: str) -> None:
        if self._stopping:
            changed = self._plan.operation in {"up", "destroy"}
            what = ": what it was in the middle of is put right by invoke resume" if changed else ""
            self._stopping = f"{reason}, at once{what}"
            self._workers.kill()
        else:
            self._stopping = reason
            self._workers.interrupt()

    @property
    def _at_work(self) -> frozenset[str]:
        return self._queue.running | self._guesses.running

    def _settle(self) -> None:
        """Skip and start until that leads to nothing more: what ends without any work lets others start."""
        before = None
        while before != self._queue:
            before = self._queue
            self._skip_blocked()
            self._start_ready()

    def _skip_blocked(self) -> None:
        while self._queue.blocked:
            stack, cause = self._queue.blocked[0]
            self._finish(_skipped(stack, cause, f"did not run because {cause} {_ENDED[self._outcomes[cause].result]}"))

    def _start_ready(self) -> None:
        for stack in self._queue.ready:
            missing = self._missing_upstream(stack)
            if self._stopping:
                self._finish(StackOutcome(stack=stack, result="cancelled", reason=self._stopping, exit_code=8))
            elif missing:
                reason = f"upstream {missing} is not deployed to {self._session.environment.name}"
                self._finish(_skipped(stack, missing, reason))
            elif spared := self._spared(stack):
                self._finish(spared)
            elif stack in self._guesses.running:
                continue
            elif guess := self._guessed(stack):
                self._finish(guess)
            elif len(self._at_work) < self._plan.parallel:
                self._start(stack)

    def _spared(self, stack: str) -> StackOutcome | None:
        """Return the outcome of a ready stack that need not be previewed. Each is asked about once."""
        if self._previews is None or stack in self._touched:
            return None
        self._touched.add(stack)
        return self._previews.spared(stack)

    def _start(self, stack: str) -> None:
        refused = self._recorder.starting(stack) if self._recorder else ""
        if refused:
            reason = f"was not begun, as that could not be noted: {refused}"
            self._finish(StackOutcome(stack=stack, result="failed", reason=reason, exit_code=_NOT_NOTED))
            return
        self._queue = self._queue.start(stack)
        self._begin(stack)

    def _guess_ahead(self) -> None:
        """Preview stacks early whose upstreams will most likely turn out to be as they are deployed."""
        if self._previews is None or self._stopping:
            return
        for stack in self._queue.waiting:
            known = stack in self._guesses.running or stack in self._guesses.ended
            if not known and len(self._at_work) < self._plan.parallel and self._foreseen(self._previews, stack):
                self._guesses = self._guesses.begin(stack)
                self._begin(stack)

    def _foreseen(self, previews: Previews, stack: str) -> bool:
        graph, deployed = self._plan.graph, self._plan.deployed
        if not deployed.issuperset(graph.upstreams[stack]):
            return False
        return previews.foreseen(sorted(graph.ancestors(stack) & set(self._plan.selected)), self._outcomes)

    def _guessed(self, stack: str) -> StackOutcome | None:
        """Return the early preview of a stack whose upstreams have finished, if its guess was right."""
        guess = self._guesses.ended.get(stack)
        self._guesses = self._guesses.without(stack)
        upstreams = (self._outcomes[one] for one in self._plan.graph.upstreams[stack] if one in self._outcomes)
        return guess if guess and all(is_calm(one) for one in upstreams) else None

    def _begin(self, stack: str) -> None:
        self._observer(StackStarted(stack=stack))
        self._workers.start(self._job(stack))

    def _missing_upstream(self, stack: str) -> str | None:
        """Return an upstream whose outputs are nowhere to be read: neither deployed before, nor by this run."""
        if self._plan.operation == "destroy":
            return None
        here = set(self._plan.deployed)
        here |= {name for name, result in self._queue.finished.items() if result in GOOD}
        return next((up for up in self._plan.graph.upstreams[stack] if up not in here), None)

    def _listen(self) -> None:
        for message in self._workers.messages(_LISTEN_SECONDS):
            if isinstance(message, StackOutcome) and message.stack in self._guesses.running:
                self._guesses = self._guesses.end(self._checked(message))
            elif isinstance(message, StackOutcome):
                self._finish(self._checked(message))
            else:
                self._observer(message)

    def _checked(self, outcome: StackOutcome) -> StackOutcome:
        """Return the outcome; failed where the program read from other stacks than its signature names."""
        declared = set(self._plan.graph.upstreams[outcome.stack])
        undeclared = sorted(outcome.references - declared)
        unread = sorted(declared - outcome.references)
        if undeclared:
            reason = f"the program reads from {', '.join(undeclared)}, which the signature of program() does not name"
        elif unread and outcome.result in GOOD and self._plan.operation != "destroy":
            reason = f"the signature of program() names {', '.join(unread)}, which the program never read from"
        else:
            return outcome
        applied = "; what it changed is applied" if self._plan.operation == "up" and outcome.changes.total else ""
        return dataclasses.replace(outcome, result="failed", reason=reason + applied, exit_code=_CONTRACT_ERROR)

    def _finish(self, outcome: StackOutcome) -> None:
        if self._previews:
            outcome = self._previews.judged(outcome)
        if self._stopping and outcome.result == "cancelled":
            outcome = dataclasses.replace(outcome, reason=self._stopping)
        if self._recorder:
            self._recorder.finished(outcome)
        self._close(outcome)

    def _close(self, outcome: StackOutcome) -> None:
        self._outcomes[outcome.stack] = outcome
        self._queue = self._queue.finish(outcome.stack, outcome.result)
        self._observer(outcome)

    def _job(self, stack: str) -> StackJob:
        definition = self._plan.by_name[stack]
        return StackJob(
            stack=stack,
            environment=self._session.environment.name,
            operation=self._plan.operation,
            root=self._session.root,
            main=definition.main,
            engine=self._engine.path,
            engine_version=self._engine.version,
            work_dir=self._session.work_dir(definition),
            variables=self._session.variables,
            secrets_provider=self._session.secrets_provider,
            generated_secrets=self._session.invented_secrets(definition),
            verbose=self._plan.verbose,
            backends=self._previews.backends(stack) if self._previews else None,
            approval=self._plan.approvals.get(stack),
            confirmed=self._plan.confirmed,
            made=stack in self._plan.made,
            patience=SIMULATED if self._session.inventory else REAL,
            time_limit=self._plan.time_limit,
            subscription=str(self._session.environment.azure.subscription_id or ""),
            inventory=self._session.inventory,
        )


_ENDED = {"failed": "failed", "skipped": "was skipped", "cancelled": "was cancelled"}


def _skipped(stack: str, cause: str, reason: str) -> StackOutcome:
    return StackOutcome(stack=stack, result="skipped", reason=reason, cause=cause, exit_code=_SKIPPED)
