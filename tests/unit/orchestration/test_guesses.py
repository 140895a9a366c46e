"""Previews that begin before their upstreams are previewed, with workers that end jobs in an order that the test names.

The graph: a, then b which reads from a, then c which reads from b.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from shared.engine import Engine
from shared.environment import load
from shared.orchestration.definitions import StackDefinition
from shared.orchestration.graph import graph_of
from shared.orchestration.guesses import is_calm
from shared.orchestration.job import Changes, Message, StackJob, StackOutcome
from shared.orchestration.previews import Previews
from shared.orchestration.queue import Result
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.run import Event, Run, RunPlan
from shared.orchestration.session import Session
from shared.orchestration.speculation import Outputs, Planned, Speculation

READS = {"a": frozenset[str](), "b": frozenset("a"), "c": frozenset("b")}
ENGINE = Engine(path=Path("pulumi"), version="3.259.0", origin="PATH", reason="")
CHANGE = ResourceChange(urn="urn:pulumi:sandbox::a::t:i:T::n", certain="update", possible=None)


@dataclasses.dataclass(frozen=True)
class Looks:
    """touched: stacks that are not made of what they were deployed from. asked: whether they are spared, in order."""

    touched: frozenset[str] = frozenset()
    asked: list[str] = dataclasses.field(default_factory=list[str])

    def untouched(self, stack: str, published: Mapping[str, Outputs]) -> str:
        self.asked.append(stack)
        return ""

    def as_deployed(self, stack: str) -> bool:
        return stack not in self.touched

    def readers(self, stack: str) -> Mapping[str, tuple[str, ...]]:
        return {}


class OrderedWorkers:
    """Ends running jobs in the order of `ends`; each job of a stack as the next of its outcomes."""

    def __init__(self, ends: str, outcomes: Mapping[str, list[StackOutcome]]) -> None:
        self.log: list[str] = []
        self.jobs: list[StackJob] = []
        self._ends = list(ends)
        self._outcomes = outcomes
        self._running: set[str] = set()

    def start(self, job: StackJob) -> None:
        self.log.append(f"+{job.stack}")
        self.jobs.append(job)
        self._running.add(job.stack)

    def messages(self, seconds: float) -> Iterator[Message]:
        stack = self._ends.pop(0)
        assert stack in self._running, f"{stack} does not run: {self.log}"
        self._running.remove(stack)
        self.log.append(f"-{stack}")
        yield self._outcomes[stack].pop(0) if self._outcomes.get(stack) else ended(stack)

    def interrupt(self) -> None:
        self.log.append("stop")

    def kill(self) -> None:
        raise AssertionError("nobody asked twice")


def ended(
    stack: str, result: Result = "unchanged", *, reads: frozenset[str] | None = None, code: int = 0, id_: str = "old"
) -> StackOutcome:
    outputs = {"id": id_}
    changed = result == "succeeded"
    return StackOutcome(
        stack=stack,
        result=result,
        exit_code=code,
        changes=Changes(update=1) if changed else Changes(same=1),
        resources=(CHANGE,) if changed else (),
        references=READS[stack] if reads is None else reads,
        planned=Planned(known=outputs, unknown=outputs, replaces=False, secrets_provider={})
        if result in {"unchanged", "succeeded"}
        else None,
    )


@dataclasses.dataclass
class Done:
    workers: OrderedWorkers
    outcomes: tuple[StackOutcome, ...]
    events: list[Event]
    looks: Looks

    @property
    def results(self) -> dict[str, str]:
        return {one.stack: one.result for one in self.outcomes}


def previewed(
    folder: Path,
    ends: str,
    *outcomes: StackOutcome,
    touched: str = "",
    deployed: str = "abc",
    parallel: int = 4,
    stops: Callable[[OrderedWorkers], bool] = lambda _: False,
) -> Done:
    definitions: list[StackDefinition] = []
    for name, takes in (("a", ()), ("b", ("AOutputs",)), ("c", ("BOutputs",))):
        (folder / "stacks" / name).mkdir(parents=True)
        (folder / "stacks" / name / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
        publishes = f"{name.upper()}Outputs"
        definitions.append(
            StackDefinition(name=name, folder=folder / "stacks" / name, takes=takes, publishes=publishes)
        )
    graph = graph_of(definitions)
    plan = RunPlan(
        operation="preview",
        definitions=tuple(definitions),
        graph=graph,
        selected=graph.order,
        deployed=frozenset(deployed),
        made=frozenset(deployed),
        parallel=parallel,
        verbose=False,
    )
    session = Session(
        environment=load("sandbox"),
        root=folder,
        variables={},
        work=folder / "work",
        secrets_provider=None,
        inventory=folder / "inventory.sqlite",
    )
    root = {"type": "pulumi:pulumi:Stack", "urn": "urn", "outputs": {"id": "old"}}
    checkpoint = {"version": 3, "checkpoint": {"latest": {"resources": [root]}}}
    (folder / "scratch").mkdir()
    speculation = Speculation(folder / "scratch", "sandbox", dict.fromkeys(deployed, checkpoint))
    script: dict[str, list[StackOutcome]] = {}
    for one in outcomes:
        script.setdefault(one.stack, []).append(one)
    workers = OrderedWorkers(ends, script)
    events: list[Event] = []
    looks = Looks(frozenset(touched))
    run = Run(plan, session, ENGINE, workers, events.append, previews=Previews(speculation, looks))
    outcomes = run.execute(lambda: "the run was stopped" if stops(workers) else "")
    return Done(workers, outcomes, events, looks)


def test_stacks_that_are_as_deployed_are_previewed_side_by_side(tmp_path: Path) -> None:
    done = previewed(tmp_path, "cba")
    assert done.workers.log == ["+a", "+b", "+c", "-c", "-b", "-a"]
    assert done.results == dict.fromkeys("abc", "unchanged")


def test_outcomes_are_told_in_the_order_of_deployment_whatever_ended_first(tmp_path: Path) -> None:
    done = previewed(tmp_path, "cba")
    assert [event.stack for event in done.events if isinstance(event, StackOutcome)] == ["a", "b", "c"]


def test_below_a_stack_that_is_touched_nothing_is_guessed(tmp_path: Path) -> None:
    assert previewed(tmp_path, "abc", touched="a").workers.log == ["+a", "-a", "+b", "-b", "+c", "-c"]


def test_a_stack_that_is_touched_itself_may_be_previewed_early(tmp_path: Path) -> None:
    done = previewed(tmp_path, "bac", ended("b", "succeeded", id_="new"), touched="b")
    assert done.workers.log == ["+a", "+b", "-b", "-a", "+c", "-c"]
    assert done.results == {"a": "unchanged", "b": "succeeded", "c": "unchanged"}


def test_a_wrong_guess_is_thrown_away_and_the_stack_previewed_against_what_is_planned(tmp_path: Path) -> None:
    wrong = ended("b", "failed", code=1)
    done = previewed(tmp_path, "bacbc", ended("a", "succeeded", id_="new"), wrong, ended("b", "succeeded"))
    assert done.workers.log == ["+a", "+b", "+c", "-b", "-a", "+b", "-c", "-b", "+c", "-c"]
    assert done.results == {"a": "succeeded", "b": "succeeded", "c": "unchanged"}
    first, last = (job.backends for job in done.workers.jobs if job.stack == "b")
    assert first is not None
    assert last is not None
    file = Path(".pulumi") / "stacks" / "a" / "sandbox.json"
    assert '"old"' in (first.known / file).read_text(encoding="utf-8")
    assert '"new"' in (last.known / file).read_text(encoding="utf-8")


def test_a_guess_that_still_runs_when_it_is_wrong_is_waited_for(tmp_path: Path) -> None:
    done = previewed(tmp_path, "abbc", ended("a", "succeeded"), ended("b"), ended("b", "succeeded"), touched="b")
    assert done.workers.log == ["+a", "+b", "-a", "-b", "+b", "-b", "+c", "-c"]
    assert done.results["b"] == "succeeded"


def test_whether_a_stack_is_spared_is_asked_once_when_its_upstreams_are_known(tmp_path: Path) -> None:
    done = previewed(tmp_path, "abbc", ended("a", "succeeded"), ended("b"), ended("b", "succeeded"), touched="b")
    assert done.looks.asked == ["a", "b", "c"]


def test_an_output_that_changes_alone_makes_a_guess_wrong(tmp_path: Path) -> None:
    done = previewed(tmp_path, "abbc", ended("a", id_="new"), touched="b")
    assert done.workers.log == ["+a", "+b", "-a", "-b", "+b", "-b", "+c", "-c"]


def test_a_guess_below_a_failure_is_waited_for_and_skipped(tmp_path: Path) -> None:
    done = previewed(tmp_path, "acb", ended("a", "failed", code=1))
    assert done.results == {"a": "failed", "b": "skipped", "c": "skipped"}
    assert done.workers.log == ["+a", "+b", "+c", "-a", "-c", "-b"]


def test_a_failure_of_a_right_guess_counts(tmp_path: Path) -> None:
    done = previewed(tmp_path, "bca", ended("b", "failed", code=1))
    assert done.results == {"a": "unchanged", "b": "failed", "c": "skipped"}


def test_a_right_guess_that_read_from_a_stranger_fails(tmp_path: Path) -> None:
    done = previewed(tmp_path, "bca", ended("b", reads=frozenset("ac")))
    assert "reads from c" in done.outcomes[1].reason


def test_guesses_take_no_more_places_than_there_are(tmp_path: Path) -> None:
    assert previewed(tmp_path, "abc", parallel=1).workers.log == ["+a", "-a", "+b", "-b", "+c", "-c"]


def test_below_a_stack_that_was_never_deployed_nothing_is_guessed(tmp_path: Path) -> None:
    done = previewed(tmp_path, "bac", ended("b", "succeeded"), deployed="ac")
    assert done.workers.log == ["+a", "+b", "-b", "-a", "+c", "-c"]


def test_after_a_stop_nothing_is_guessed_and_guesses_are_waited_for(tmp_path: Path) -> None:
    done = previewed(
        tmp_path,
        "bac",
        ended("a", "cancelled", code=8),
        ended("b", "cancelled", code=8),
        ended("c", "cancelled", code=8),
        stops=lambda workers: "stop" not in workers.log and "-b" in workers.log,
    )
    assert done.workers.log == ["+a", "+b", "+c", "-b", "stop", "-a", "-c"]
    assert done.results == {"a": "cancelled", "b": "skipped", "c": "skipped"}


@pytest.mark.parametrize(
    ("outcome", "calm"),
    [
        (ended("a"), True),
        (ended("a", "succeeded"), False),
        (ended("a", "failed"), False),
        (dataclasses.replace(ended("a"), outputs=("id",)), False),
        (dataclasses.replace(ended("a"), resources=(CHANGE,)), False),
    ],
)
def test_a_stack_is_calm_where_it_is_as_deployed_down_to_its_outputs(outcome: StackOutcome, *, calm: bool) -> None:
    assert is_calm(outcome) is calm
