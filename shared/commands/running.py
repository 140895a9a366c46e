"""Run one operation over the stacks of an environment, and show how it goes."""

import dataclasses
import datetime
import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from shared.commands.commits import commit_of
from shared.commands.orphans import orphans
from shared.commands.ready import Ready
from shared.exit_codes import ExitCode
from shared.journal.writing import Journal, JournalRecorder
from shared.orchestration.graph import Graph
from shared.orchestration.interruption import Interruption
from shared.orchestration.job import Approval, Operation, StackOutcome
from shared.orchestration.previews import Previews
from shared.orchestration.queue import GOOD
from shared.orchestration.run import Recorder, Run, RunPlan
from shared.orchestration.stopping import Stopping
from shared.orchestration.withholding import may_delete, merged, withheld
from shared.reporting.build import RunFacts, report_of
from shared.reporting.model import RunReport
from shared.reporting.progress import Progress
from shared.reporting.timeline import Timeline, heard_by

_COMMANDS: dict[Operation, str] = {
    "preview": "preview",
    "up": "deploy",
    "destroy": "destroy",
    "drift": "drift",
    "refresh": "refresh",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run came to. outcomes: of its stacks, in deployment order. facts: what else its report says."""

    report: RunReport
    outcomes: tuple[StackOutcome, ...]
    facts: RunFacts = dataclasses.field(default_factory=RunFacts)

    @property
    def losses(self) -> tuple[str, ...]:
        """Return the names of what a preview would destroy."""
        return tuple(loss.name for outcome in self.outcomes for loss in outcome.losses)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reviewed:
    """What may be deployed. approvals: by stack. settled: outcomes of stacks that are not deployed."""

    approvals: Mapping[str, Approval]
    settled: Mapping[str, StackOutcome]


def preview(prepared: Ready, previews: Previews, *, verbose: bool = False) -> Ran:
    """Preview the selected stacks, with progress on standard error.

    Of deployed stacks whose folder is gone it is said what is left.
    """
    ran = _run(prepared, "preview", verbose=verbose, previews=previews, besides=orphans(prepared))
    # Only now: the stacks that read from a stack that is refused are previewed all the same.
    outcomes = tuple(
        dataclasses.replace(one, result="failed", exit_code=ExitCode.CONFIGURATION) if one.refused else one
        for one in ran.outcomes
    )
    report = report_of(_COMMANDS["preview"], prepared.environment.name, outcomes, ran.report.seconds, ran.facts)
    return Ran(report=report, outcomes=outcomes, facts=ran.facts)


def update(
    prepared: Ready,
    reviewed: Reviewed,
    *,
    verbose: bool = False,
    confirmed: frozenset[str] = frozenset(),
    journal: Journal | None = None,
) -> Ran:
    """Deploy what was reviewed, with progress on standard error.

    confirmed: names of what may be lost. journal: of a run that can be resumed.
    """
    timeline = Timeline()
    waiting = {stack: one.withheld for stack, one in reviewed.approvals.items() if one.withheld}
    recorder = _recorder(journal, {stack: len(urns) for stack, urns in waiting.items()})
    first = _run(
        prepared,
        "up",
        verbose=verbose,
        confirmed=confirmed,
        reviewed=reviewed,
        timeline=timeline,
        recorder=recorder,
    )
    if not waiting:
        return first
    second = _delete_withheld(
        prepared,
        reviewed,
        first,
        waiting,
        verbose=verbose,
        confirmed=confirmed,
        timeline=timeline,
        recorder=_recorder(journal),
    )
    return _together(prepared, first, second, waiting)


def _delete_withheld(
    prepared: Ready,
    reviewed: Reviewed,
    first: Ran,
    waiting: Mapping[str, tuple[str, ...]],
    *,
    verbose: bool,
    confirmed: frozenset[str],
    timeline: Timeline,
    recorder: Recorder | None,
) -> Ran:
    """Delete, against the order of deployment, what stacks that were just updated needed until then."""
    stacks = may_delete(prepared.graph, waiting, first.outcomes)
    here = frozenset(one.stack for one in first.outcomes if one.result in GOOD)
    now = dataclasses.replace(
        prepared,
        selected=tuple(stack for stack in prepared.selected if stack in stacks),
        deployed=prepared.deployed | here,
        made=prepared.made | here,
    )
    approvals = {
        stack: dataclasses.replace(one, moved=True, fresh=False, withheld=())
        for stack, one in reviewed.approvals.items()
        if stack in stacks
    }
    left = Reviewed(approvals=approvals, settled={})
    return _run(
        now,
        "up",
        verbose=verbose,
        confirmed=confirmed,
        reviewed=left,
        backwards=True,
        timeline=timeline,
        recorder=recorder,
    )


def _together(prepared: Ready, first: Ran, second: Ran, waiting: Mapping[str, tuple[str, ...]]) -> Ran:
    later = {one.stack: one for one in second.outcomes}
    outcomes = tuple(
        merged(one, later.get(one.stack), len(waiting[one.stack])) if one.stack in waiting else one
        for one in first.outcomes
    )
    facts = dataclasses.replace(second.facts, started=first.facts.started)
    report = report_of(_COMMANDS["up"], prepared.environment.name, outcomes, second.report.seconds, facts)
    return Ran(report=report, outcomes=outcomes, facts=facts)


def destroy(
    prepared: Ready,
    *,
    verbose: bool = False,
    settled: Mapping[str, StackOutcome] | None = None,
    journal: Journal | None = None,
) -> Ran:
    """Destroy the selected stacks, with progress on standard error.

    settled: outcomes of stacks that were destroyed before. journal: of a run that can be resumed.
    """
    before = Reviewed(approvals={}, settled=settled or {})
    return _run(prepared, "destroy", verbose=verbose, reviewed=before, recorder=_recorder(journal))


def refresh(prepared: Ready, operation: Literal["drift", "refresh"], *, verbose: bool = False) -> Ran:
    """Compare the state of the selected stacks with the clouds, all side by side, with progress on standard error.

    operation: "drift" changes nothing, "refresh" takes over into the state what the clouds have. Of deployed stacks
    whose folder is gone it is only said what is left.
    """
    # No program runs, so nobody reads from anybody.
    alone = Graph(dict.fromkeys(prepared.graph.order, ()))
    settled = {
        stack: StackOutcome(stack=stack, result="unchanged", reason="it is not deployed")
        for stack in prepared.selected
        if stack not in prepared.deployed
    }
    before = Reviewed(approvals={}, settled=settled)
    besides = orphans(prepared) if operation == "drift" else ()
    now = dataclasses.replace(prepared, graph=alone)
    return _run(now, operation, verbose=verbose, reviewed=before, besides=besides, facts=facts_of(prepared))


def _recorder(journal: Journal | None, withheld: Mapping[str, int] | None = None) -> JournalRecorder | None:
    return JournalRecorder(journal=journal, withheld=withheld or {}) if journal else None


@contextmanager
def reviewed_by(
    prepared: Ready,
    outcomes: Iterable[StackOutcome],
    *,
    moved: frozenset[str] = frozenset(),
    fresh_plans: bool = False,
) -> Generator[Reviewed]:
    """Yield what previews allow. The plans are in a folder that nobody else may read, nor for long.

    moved: stacks whose state is another one since they were previewed. fresh_plans: whether they were previewed just
    now, and nobody was asked since.
    """
    prepared.session.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="plans-", dir=prepared.session.work) as name:
        outcomes = tuple(outcomes)
        planned = {one.stack: one for one in outcomes if one.planned}
        stuck = {one.stack for one in outcomes if one.result not in GOOD}
        fresh = _fresh(prepared, planned) if fresh_plans else frozenset[str]()
        later = withheld(prepared.graph, {stack: one.resources for stack, one in planned.items()}, stuck)
        approvals = {
            stack: dataclasses.replace(
                _approval(Path(name), one),
                moved=stack in moved,
                fresh=stack in fresh,
                withheld=later.get(stack, ()),
            )
            for stack, one in planned.items()
        }
        settled = {one.stack: one for one in outcomes if one.result in {*GOOD, "failed"} and not one.planned}
        yield Reviewed(approvals=approvals, settled=settled)


def _fresh(prepared: Ready, planned: Mapping[str, StackOutcome]) -> frozenset[str]:
    """Return the stacks that have nothing yet, and whose upstreams have nothing either or keep their outputs.

    The preview that the engine would begin their update with has been made: nothing in it can be another.
    """
    new = {stack for stack in planned if stack not in prepared.deployed}
    steady = new | {stack for stack in prepared.graph.order if stack not in planned or not planned[stack].outputs}
    return frozenset(stack for stack in new if set(prepared.graph.upstreams[stack]) <= steady)


def _approval(folder: Path, outcome: StackOutcome) -> Approval:
    file = folder / f"{outcome.stack}.json"
    plan = outcome.planned.plan if outcome.planned else {}
    file.write_text(json.dumps(plan), encoding="utf-8")
    return Approval(plan=file, changes=outcome.resources)


def _run(
    prepared: Ready,
    operation: Operation,
    *,
    verbose: bool,
    confirmed: frozenset[str] = frozenset(),
    reviewed: Reviewed | None = None,
    previews: Previews | None = None,
    besides: tuple[StackOutcome, ...] = (),
    backwards: bool = False,
    recorder: Recorder | None = None,
    timeline: Timeline | None = None,
    facts: RunFacts | None = None,
) -> Ran:
    plan = RunPlan(
        operation=operation,
        definitions=prepared.stacks,
        graph=prepared.graph,
        selected=prepared.selected,
        deployed=prepared.deployed,
        made=prepared.made,
        parallel=prepared.parallel,
        verbose=verbose,
        confirmed=confirmed,
        approvals=reviewed.approvals if reviewed else {},
        settled=reviewed.settled if reviewed else {},
        backwards=backwards,
        time_limit=prepared.time_limit,
    )
    facts = facts or facts_of(prepared)
    timeline = timeline or Timeline()
    graph = prepared.graph
    with ExitStack() as stack:
        progress = stack.enter_context(
            Progress(
                prepared.selected,
                planned=operation in {"preview", "drift"},
                title=f"{_COMMANDS[operation]} of {prepared.environment.name}",
                waits=_readers(graph) if backwards or operation == "destroy" else graph.upstreams,
                expected=_expected(prepared, reviewed),
            )
        )
        interruption = stack.enter_context(Interruption())
        observer = heard_by(timeline.hear, progress.hear)
        run = Run(
            plan,
            prepared.session,
            prepared.engine,
            prepared.workers,
            observer,
            previews=previews,
            recorder=recorder,
        )

        stopping = Stopping(interruption.requested, lambda: prepared.lease.lost if prepared.lease else "")

        def stop_requested() -> str:
            progress.tick()
            return stopping.requested()

        outcomes = (*run.execute(stop_requested), *besides)
    facts = dataclasses.replace(facts, times=timeline.times)
    report = report_of(_COMMANDS[operation], prepared.environment.name, outcomes, timeline.seconds, facts)
    return Ran(report=report, outcomes=outcomes, facts=facts)


def _readers(graph: Graph) -> dict[str, tuple[str, ...]]:
    return {stack: graph.downstreams(stack) for stack in graph.order}


def _expected(prepared: Ready, reviewed: Reviewed | None) -> dict[str, int]:
    """Return how many resources an operation on each stack has to do with: those that exist, and those to create."""
    approvals = reviewed.approvals if reviewed else {}
    created = {stack: sum(one.certain == "create" for one in found.changes) for stack, found in approvals.items()}
    stacks = {*prepared.resources, *created}
    return {stack: prepared.resources.get(stack, 0) + created.get(stack, 0) for stack in stacks}


def facts_of(prepared: Ready) -> RunFacts:
    """Return what is known of a run that begins now."""
    return RunFacts(
        started=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        commit=commit_of(prepared.session.root),
        upstreams=prepared.graph.upstreams,
    )
