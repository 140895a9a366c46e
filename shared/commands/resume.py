"""Go on with the last run of an environment, where that did not end well."""

import dataclasses
from collections.abc import Mapping

from shared.commands.applying import Proposal, carried_out
from shared.commands.arguments import Options
from shared.commands.destroy import destroyed
from shared.commands.holding import held
from shared.commands.journaling import Undertaking
from shared.commands.looking import store_of
from shared.commands.plan_sets import UnfitError, fitted, unsealed
from shared.commands.ready import Ready, ready, refuse_without_terminal, say
from shared.commands.running import facts_of
from shared.commands.showing import shown
from shared.exit_codes import ExitCode
from shared.journal.errors import NotResumableError
from shared.journal.history import PastRun, last_run, plan_set_of
from shared.journal.left_over import LeftOver, left_over
from shared.orchestration.job import StackOutcome
from shared.plan_set.archive import PlanSet
from shared.reporting.build import report_of


def resume(options: Options) -> int:
    """Continue a run that was killed, cancelled or failed: do what it was approved to do and did not.

    What succeeded is left alone. Where the last run ended well, or there was none, there is nothing to do. Returns the
    exit code.
    """
    with ready(options) as opened, held(opened, options, "resume") as holding:
        prepared = holding.prepared
        run = last_run(store_of(prepared), prepared.environment.name)
        if run is None:
            return _nothing(options, prepared, "no run was ever begun here: there is nothing to resume")
        if run.ended_well:
            return _nothing(options, prepared, f"run {run.record.run} was the last and ended well: nothing is left")
        return _continued(options, dataclasses.replace(prepared, selected=_selected(prepared, run)), run)


def _continued(options: Options, prepared: Ready, run: PastRun) -> int:
    refuse_without_terminal(options, "resume")
    left = left_over(run)
    say(f"resuming {run.record.run} ({run.record.command} of {run.record.environment}): {_said(left)}")
    if run.record.doing == "destroy":
        return destroyed(options, prepared, _undertaking(run, left))
    return _deployed(options, prepared, run, left)


def _undertaking(run: PastRun, left: LeftOver) -> Undertaking:
    return Undertaking(doing="destroy", command="resume", settled=_done(run, left), continues=run.record.run)


def _deployed(options: Options, prepared: Ready, run: PastRun, left: LeftOver) -> int:
    content = plan_set_of(store_of(prepared), run.record)
    if content is None:
        return _nothing(options, prepared, f"{run.record.run} had nothing to deploy: there is nothing to resume")
    try:
        plan_set = unsealed(prepared, options, content)
        planned = {stack.name for stack in plan_set.manifest.stacks}
        open_ = tuple(stack for stack in left.open if stack in planned)
        before = {**_done(run, left), **_unapproved(run, left, plan_set)}
        if not open_:
            return _ended_before(options, prepared, tuple(before[stack] for stack in prepared.selected))
        found = fitted(dataclasses.replace(prepared, selected=open_), plan_set, content)
    except UnfitError as error:
        raise _refused(run, error.differences) from None
    outcomes = {**before, **{one.stack: one for one in found.outcomes}}
    return carried_out(
        options,
        Proposal(
            prepared=prepared,
            outcomes=tuple(outcomes[stack] for stack in prepared.selected),
            looker=found.looker,
            moved=found.moved,
            bound=found.bound,
            command="resume",
            sealed=content,
            confirmed=options.confirmed() | frozenset(run.record.confirmed),
            continues=run.record.run,
        ),
    )


def _selected(prepared: Ready, run: PastRun) -> tuple[str, ...]:
    """Return the stacks of a run in the order of deployment. Raises NotResumableError where one is gone."""
    gone = [stack for stack in run.record.stacks if stack not in prepared.graph.upstreams]
    if gone:
        raise _refused(run, tuple(f"stacks/{stack} is gone since" for stack in gone))
    return tuple(stack for stack in prepared.graph.order if stack in run.record.stacks)


def _done(run: PastRun, left: LeftOver) -> Mapping[str, StackOutcome]:
    reason = f"done before, in run {run.record.run} or one that it continued"
    return {stack: StackOutcome(stack=stack, result=result, reason=reason) for stack, result in left.done.items()}


def _unapproved(run: PastRun, left: LeftOver, plan_set: PlanSet) -> Mapping[str, StackOutcome]:
    """Return the outcomes of stacks that could not be previewed before the run, so that nobody approved anything."""
    planned = {stack.name for stack in plan_set.manifest.stacks}
    reason = f"could not be previewed before run {run.record.run}: deploy again for this stack"
    return {
        stack: StackOutcome(stack=stack, result="failed", reason=reason, exit_code=ExitCode.ERROR)
        for stack in left.open
        if stack not in planned
    }


def _nothing(options: Options, prepared: Ready, sentence: str) -> int:
    say(sentence)
    report = report_of("resume", prepared.environment.name, (), 0.0, facts_of(prepared))
    return shown(options, report.model_copy(update={"result": "unchanged"}))


def _ended_before(options: Options, prepared: Ready, outcomes: tuple[StackOutcome, ...]) -> int:
    return shown(options, report_of("resume", prepared.environment.name, outcomes, 0.0, facts_of(prepared)))


def _refused(run: PastRun, differences: tuple[str, ...]) -> NotResumableError:
    return NotResumableError(run=run.record.run, commit=run.record.commit, differences=differences)


def _said(left: LeftOver) -> str:
    return f"done: {', '.join(left.done) or 'nothing'}; left: {', '.join(left.open) or 'nothing'}"
