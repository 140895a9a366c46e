"""Deploy an environment: exactly what was previewed."""

import dataclasses
import sys
import time
from collections.abc import Sequence

from shared.commands.arguments import Options, from_here
from shared.commands.confirmation import agreed, named
from shared.commands.looking import Looker, remember
from shared.commands.plan_sets import present, taken_up
from shared.commands.ready import Ready, ready
from shared.commands.reserved_names import refuse_reserved
from shared.commands.reviewing import looked_at, reviewed
from shared.commands.running import facts_of, reviewed_by, update
from shared.commands.showing import declined, shown
from shared.exit_codes import ExitCode
from shared.orchestration.job import StackOutcome
from shared.orchestration.losses import unconfirmed
from shared.plan_set.binding import Present, changes_between
from shared.plan_set.errors import PreviewOutdatedError
from shared.reporting.build import report_of
from shared.reporting.preview_tree import preview_tree
from shared.reporting.terminal import console


@dataclasses.dataclass(frozen=True, kw_only=True)
class Proposal:
    """What may be deployed, if it is agreed to. moved: stacks whose state is another one since the review.

    bound: what the previews were made from, or compared with.
    """

    prepared: Ready
    outcomes: tuple[StackOutcome, ...]
    looker: Looker
    moved: frozenset[str]
    bound: Present


def deploy(options: Options) -> int:
    """Deploy in dependency order what was previewed: now, or when the plan set was saved. Returns the exit code.

    Without --yes it is shown and asked for first. What would be lost is confirmed by name: typed at the keyboard, or
    given with --confirm. Where something is not confirmed, or a service would refuse it, nothing is touched.
    """
    with ready(options, asks="deploy") as prepared:
        refuse_reserved(prepared, options.confirmed())
        proposal = _saved(prepared, options) if options.plan else _previewed(prepared, options)
        confirmed = options.confirmed()
        if not options.yes:
            console(sys.stderr).print(
                preview_tree("deploy", prepared.environment.name, proposal.outcomes), soft_wrap=False
            )
            lost = [loss.name for one in proposal.outcomes for loss in one.losses if loss.name not in confirmed]
            if not _confirmed(lost) or not agreed(f"Deploy this to {prepared.environment.name}?"):
                return declined(options, "deploy")
            confirmed |= frozenset(lost)
            proposal = _as_asked(options, proposal)
        return _deployed(options, proposal, confirmed)


def _saved(prepared: Ready, options: Options) -> Proposal:
    found = taken_up(prepared, options, from_here(options.plan))
    return Proposal(
        prepared=found.prepared, outcomes=found.outcomes, looker=found.looker, moved=found.moved, bound=found.bound
    )


def _previewed(prepared: Ready, options: Options) -> Proposal:
    looker = looked_at(prepared, everything=options.all)
    bound = present(prepared, looker.checkpoints)
    ran = reviewed(prepared, looker, verbose=options.verbose)
    return Proposal(prepared=prepared, outcomes=ran.outcomes, looker=looker, moved=frozenset(), bound=bound)


def _as_asked(options: Options, proposal: Proposal) -> Proposal:
    """Return the proposal. Raises PreviewOutdatedError where something changed while the question was open."""
    prepared = dataclasses.replace(proposal.prepared, environment=options.environment())
    now = present(prepared, looked_at(prepared, everything=False).checkpoints)
    if changed := changes_between(proposal.bound, now, prepared.graph.order):
        raise PreviewOutdatedError(differences=changed)
    return proposal


def _deployed(options: Options, proposal: Proposal, confirmed: frozenset[str]) -> int:
    started = time.monotonic()
    prepared, looker = proposal.prepared, proposal.looker
    if refused := _refused(proposal.outcomes, confirmed):
        seconds = time.monotonic() - started
        return shown(options, report_of("deploy", prepared.environment.name, refused, seconds, facts_of(prepared)))
    planned = [one.stack for one in proposal.outcomes if one.planned]
    for stack in planned:
        looker.look(stack)  # now: what is edited while the update runs was not deployed
    fresh = options.yes and not options.plan
    with reviewed_by(prepared, proposal.outcomes, moved=proposal.moved, fresh_plans=fresh) as found:
        ran = update(prepared, found, verbose=options.verbose, confirmed=confirmed)
    remember(prepared, looker, {one.stack for one in ran.outcomes if one.done} & set(planned))
    return shown(options, ran.report)


def _refused(outcomes: tuple[StackOutcome, ...], confirmed: frozenset[str]) -> tuple[StackOutcome, ...]:
    """Return how a run ends that is not begun: a service would refuse something, or nobody confirmed a loss."""
    reasons = {one.stack: one.reason if one.refused else unconfirmed(one.losses, confirmed) for one in outcomes}
    blocking = [stack for stack, reason in reasons.items() if reason]
    if not blocking:
        return ()
    return tuple(
        StackOutcome(stack=one.stack, result="failed", reason=reasons[one.stack], exit_code=ExitCode.CONFIGURATION)
        if reasons[one.stack]
        else StackOutcome(
            stack=one.stack,
            result="skipped",
            reason=f"nothing is touched before {blocking[0]} can be deployed",
            cause=blocking[0],
            exit_code=ExitCode.DEPENDENCY_FAILED,
        )
        for one in outcomes
    )


def _confirmed(lost: Sequence[str]) -> bool:
    return all(named(f"Type {name} to go on and lose it: ", name) for name in lost)
