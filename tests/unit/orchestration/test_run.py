"""A run over stacks, with workers that only say what they are told to say."""

import dataclasses
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.engine import Engine
from shared.environment import load
from shared.orchestration.definitions import StackDefinition
from shared.orchestration.graph import Graph, graph_of
from shared.orchestration.interruption import Interruption
from shared.orchestration.job import Changes, Message, Operation, StackJob, StackOutcome
from shared.orchestration.queue import Result
from shared.orchestration.run import Event, Recorder, Run, RunPlan, StackStarted
from shared.orchestration.session import Session

ENGINE = Engine(path=Path("pulumi"), version="3.259.0", origin="PATH", reason="")


def stack(root: Path, name: str, *takes: str) -> StackDefinition:
    folder = root / "stacks" / name
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
    return StackDefinition(name=name, folder=folder, takes=takes, publishes=f"{name.upper()}Outputs")


def diamond(root: Path) -> tuple[StackDefinition, ...]:
    upper = [stack(root, "b", "AOutputs"), stack(root, "c", "AOutputs")]
    return (stack(root, "a"), *upper, stack(root, "d", "BOutputs", "COutputs"))


class ScriptedWorkers:
    """Ends every job as the script says, the oldest first; without a word in the script it succeeds.

    stubborn: whether a job that is asked to stop goes on until it is killed.
    """

    def __init__(self, script: Mapping[str, StackOutcome], *, stubborn: bool = False) -> None:
        self.started: list[str] = []
        self.at_once = 0
        self.interrupted = 0
        self.killed = 0
        self.stubborn = stubborn
        self._script = script
        self._running: list[StackJob] = []

    def start(self, job: StackJob) -> None:
        self.started.append(job.stack)
        self._running.append(job)
        self.at_once = max(self.at_once, len(self._running))

    def messages(self, seconds: float) -> Iterator[Message]:
        assert self._running, "the run waits although nothing runs"
        if self.stubborn and self.interrupted and not self.killed:
            return
        job = self._running.pop(0)
        yield self._script.get(job.stack, ended(job.stack, "succeeded"))

    def interrupt(self) -> None:
        self.interrupted += 1

    def kill(self) -> None:
        self.killed += 1


READS = {"a": frozenset[str](), "b": frozenset("a"), "c": frozenset("a"), "d": frozenset("bc")}


def ended(name: str, result: Result, *, code: int = 0, references: frozenset[str] | None = None) -> StackOutcome:
    references = READS[name] if references is None else references
    return StackOutcome(
        stack=name, result=result, exit_code=code, changes=Changes(create=1), references=references, seconds=1.0
    )


@dataclasses.dataclass
class Done:
    outcomes: tuple[StackOutcome, ...]
    events: list[Event]
    workers: ScriptedWorkers

    @property
    def results(self) -> dict[str, str]:
        return {outcome.stack: outcome.result for outcome in self.outcomes}


def execute(
    root: Path,
    *outcomes: StackOutcome,
    operation: Operation = "up",
    selected: tuple[str, ...] = (),
    deployed: frozenset[str] = frozenset(),
    parallel: int = 4,
    stop_after: str = "",
    recorder: Recorder | None = None,
    stops: int = 1,
    stop_reason: str = "the run was stopped",
) -> Done:
    definitions = diamond(root)
    graph: Graph = graph_of(definitions)
    environment = load("sandbox")
    session = Session(
        environment=environment,
        root=root,
        variables={},
        work=root / "work",
        secrets_provider=None,
        inventory=root / "inventory.sqlite",
    )
    plan = RunPlan(
        operation=operation,
        definitions=definitions,
        graph=graph,
        selected=graph.select(selected),
        deployed=deployed,
        made=deployed,
        parallel=parallel,
        verbose=False,
    )
    workers = ScriptedWorkers({outcome.stack: outcome for outcome in outcomes}, stubborn=stops > 1)
    events: list[Event] = []

    def stop_requested() -> str:
        asked = workers.interrupted + workers.killed
        return stop_reason if workers.started[-1:] == [stop_after] and asked < stops else ""

    run = Run(plan, session, ENGINE, workers, events.append, recorder=recorder)
    return Done(run.execute(stop_requested), events, workers)


def test_stacks_start_in_order_and_independent_ones_together(tmp_path: Path) -> None:
    done = execute(tmp_path)
    assert done.workers.started == ["a", "b", "c", "d"]
    assert done.workers.at_once == 2
    assert done.results == dict.fromkeys("abcd", "succeeded")
    assert [event.stack for event in done.events if isinstance(event, StackStarted)] == ["a", "b", "c", "d"]


def test_no_more_stacks_run_side_by_side_than_allowed(tmp_path: Path) -> None:
    assert execute(tmp_path, parallel=1).workers.at_once == 1


def test_destroying_goes_backwards(tmp_path: Path) -> None:
    done = execute(tmp_path, operation="destroy")
    assert done.workers.started == ["d", "b", "c", "a"]
    assert [outcome.stack for outcome in done.outcomes] == ["a", "b", "c", "d"]


def test_a_failure_stops_dependents_and_names_itself_as_the_cause(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("b", "failed", code=4))
    assert done.results == {"a": "succeeded", "b": "failed", "c": "succeeded", "d": "skipped"}
    last = done.outcomes[-1]
    assert (last.cause, last.reason, last.exit_code) == ("b", "did not run because b failed", 11)


def test_a_preview_goes_on_to_what_reads_from_previewed_stacks(tmp_path: Path) -> None:
    assert execute(tmp_path, operation="preview").results == dict.fromkeys("abcd", "succeeded")


def test_a_preview_of_one_stack_needs_its_upstreams_deployed(tmp_path: Path) -> None:
    done = execute(tmp_path, operation="preview", selected=("b",))
    assert done.results == {"b": "skipped"}
    assert done.outcomes[0].reason == "upstream a is not deployed to sandbox"
    assert done.outcomes[0].cause == "a"


def test_a_selected_stack_needs_its_upstreams_deployed(tmp_path: Path) -> None:
    assert execute(tmp_path, selected=("d",)).results == {"d": "skipped"}


def test_a_selected_stack_runs_alone_where_its_upstreams_are_deployed(tmp_path: Path) -> None:
    assert execute(tmp_path, selected=("d",), deployed=frozenset("bc")).workers.started == ["d"]


def test_reading_from_a_stack_that_the_signature_does_not_name_fails(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("b", "succeeded", references=frozenset({"a", "c"})))
    assert done.results["b"] == "failed"
    assert "reads from c, which the signature" in done.outcomes[1].reason
    assert done.outcomes[1].reason.endswith("; what it changed is applied")
    assert done.outcomes[1].exit_code == 1


def test_a_stack_that_the_signature_names_must_be_read_from(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("d", "unchanged", references=frozenset("b")))
    assert done.results["d"] == "failed"
    assert (
        done.outcomes[3].reason
        == "the signature of program() names c, which the program never read from; what it changed is applied"
    )


def test_destroying_reads_from_nobody(tmp_path: Path) -> None:
    done = execute(tmp_path, *(ended(name, "succeeded", references=frozenset()) for name in READS), operation="destroy")
    assert set(done.results.values()) == {"succeeded"}


def test_a_stop_lets_what_runs_end_and_starts_nothing_more(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("a", "cancelled", code=8), stop_after="a", parallel=1)
    assert done.workers.started == ["a"]
    assert done.workers.interrupted == 1
    assert done.results == {"a": "cancelled", "b": "skipped", "c": "skipped", "d": "skipped"}


def test_after_a_stop_a_stack_that_could_start_is_cancelled(tmp_path: Path) -> None:
    done = execute(tmp_path, stop_after="b", parallel=1)
    assert done.workers.started == ["a", "b"]
    assert done.results == {"a": "succeeded", "b": "succeeded", "c": "cancelled", "d": "skipped"}
    assert done.outcomes[2].exit_code == 8


def test_a_second_stop_ends_what_still_runs(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("c", "cancelled", code=8), stop_after="c", stops=2)
    assert (done.workers.interrupted, done.workers.killed) == (1, 1)
    assert done.results == {"a": "succeeded", "b": "succeeded", "c": "cancelled", "d": "skipped"}
    assert done.outcomes[2].reason.endswith("at once: what it was in the middle of is put right by invoke resume")


def test_signals_that_come_together_count_each() -> None:
    with Interruption() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        assert [interruption.requested() for _ in range(3)] == [True, True, False]


def test_signals_are_noted_once_each_and_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interruption() as interruption:
        assert not interruption.requested()
        os.kill(os.getpid(), signal.SIGTERM)
        assert interruption.requested()
        assert not interruption.requested()
    assert signal.getsignal(signal.SIGTERM) == before


@dataclasses.dataclass
class Notes:
    """Notes a number of transitions and then refuses."""

    room: int
    said: list[str] = dataclasses.field(default_factory=list[str])

    def starting(self, stack: str) -> str:
        if len(self.said) >= self.room:
            return "the backend does not answer"
        self.said.append(f"{stack} starts")
        return ""

    def finished(self, outcome: StackOutcome) -> None:
        self.said.append(f"{outcome.stack} {outcome.result}")


def test_each_step_is_noted_before_the_next_one(tmp_path: Path) -> None:
    notes = Notes(room=100)
    execute(tmp_path, ended("b", "failed", code=4), recorder=notes, parallel=1)
    assert notes.said == ["a starts", "a succeeded", "b starts", "b failed", "d skipped", "c starts", "c succeeded"]


def test_where_nothing_can_be_noted_nothing_more_begins_and_what_runs_ends(tmp_path: Path) -> None:
    done = execute(tmp_path, recorder=Notes(room=2))
    assert done.workers.started == ["a"]
    assert done.results == {"a": "succeeded", "b": "failed", "c": "failed", "d": "skipped"}
    assert done.outcomes[1].reason == "was not begun, as that could not be noted: the backend does not answer"
    assert done.outcomes[1].exit_code == 1


def test_what_is_stopped_says_why(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("c", "cancelled"), stop_after="c", stop_reason="somebody else works on it")
    assert {one.stack: one.reason for one in done.outcomes if one.result == "cancelled"} == {
        "c": "somebody else works on it",
    }
    done = execute(tmp_path / "again", stop_after="b", parallel=1, stop_reason="somebody else works on it")
    assert done.outcomes[2].reason == "somebody else works on it"


def test_a_second_stop_of_what_changes_nothing_leaves_nothing_to_put_right(tmp_path: Path) -> None:
    done = execute(tmp_path, ended("c", "cancelled", code=8), stop_after="c", stops=2, operation="drift")
    assert done.outcomes[2].reason.endswith("at once")
