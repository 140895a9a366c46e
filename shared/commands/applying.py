"""Deploy what was proposed, once it is agreed to: exactly that, with a journal of it."""

import dataclasses
import sys
import time
from collections.abc import Sequence

from shared.commands.arguments import Options
from shared.commands.confirmation import agreed, named
from shared.commands.journaling import Undertaking, ended, journal_of
from shared.commands.looking import Looker, remember
from shared.commands.plan_sets import present, sealed_previews
from shared.commands.ready import Ready, say
from shared.commands.reviewing import looked_at
from shared.commands.running import facts_of, reviewed_by, update
from shared.commands.showing import declined, shown
from shared.exit_codes import ExitCode
from shared.orchestration.job import StackOutcome
from shared.orchestration.losses import unconfirmed
from shared.orchestration.queue import GOOD
from shared.plan_set.binding import Present, changes_between
from shared.plan_set.errors import PreviewOutdatedError
from shared.plan_set.sources import sources_of
from shared.reporting.build import report_of
from shared.reporting.preview_tree import preview_tree
from shared.reporting.terminal import console


@dataclasses.dataclass(frozen=True, kw_only=True)
class Proposal:
    """What may be deployed, if it is agreed to. moved: stacks whose state is another one since the review.

    bound: what the previews were made from, or compared with. sealed: the plan set, where there is one already.
    confirmed: names of what may be lost. command: that was typed. continues: the run that this goes on with. before:
    what was done already, and is to be said where this is not agreed to.
    """

    prepared: Ready
    outcomes: tuple[StackOutcome, ...]
    looker: Looker
    moved: frozenset[str]
    bound: Present
    command: str
    sealed: bytes | None = dataclasses.field(default=None, repr=False)
    confirmed: frozenset[str] = frozenset()
    continues: str | None = None
    before: str = ""


def carried_out(options: Options, proposal: Proposal) -> int:
    """Show a proposal and ask, unless --yes; then deploy it. Returns the exit code.

    What would be lost is confirmed by name: typed at the keyboard, or given before. Where something is not confirmed,
    or a service would refuse it, nothing is touched. Nor is it where the previews were stopped: nobody is asked then.
    """
    if any(one.result == "cancelled" for one in proposal.outcomes):
        return _stopped(options, proposal)
    prepared, confirmed = proposal.prepared, proposal.confirmed
    if not options.yes:
        name = prepared.environment.name
        console(sys.stderr).print(preview_tree(proposal.command, name, proposal.outcomes), soft_wrap=False)
        lost = [loss.name for one in proposal.outcomes for loss in one.losses if loss.name not in confirmed]
        if not _wanted(lost, f"Deploy this to {name}?"):
            return declined(options, proposal.command, proposal.before or "nothing was changed")
        confirmed |= frozenset(lost)
        proposal = _as_asked(options, proposal)
    return _deployed(options, proposal, confirmed)


def _stopped(options: Options, proposal: Proposal) -> int:
    """Report a run that was stopped before it deployed anything. Returns the exit code."""
    prepared = proposal.prepared
    reason = "the run was stopped before it deployed anything"
    outcomes = tuple(
        StackOutcome(stack=one.stack, result="cancelled", reason=reason, exit_code=ExitCode.CANCELLED)
        if one.planned
        else one
        for one in proposal.outcomes
    )
    if proposal.before:
        say(proposal.before)
    return shown(options, report_of(proposal.command, prepared.environment.name, outcomes, 0.0, facts_of(prepared)))


def _as_asked(options: Options, proposal: Proposal) -> Proposal:
    """Return the proposal. Raises PreviewOutdatedError where something changed while the question was open."""
    prepared = dataclasses.replace(proposal.prepared, environment=options.environment())
    now = present(prepared, looked_at(prepared, everything=False).checkpoints)
    if changed := changes_between(proposal.bound, now, prepared.graph.order):
        raise PreviewOutdatedError(differences=changed)
    return proposal


def _deployed(options: Options, proposal: Proposal, confirmed: frozenset[str]) -> int:
    started = time.monotonic()
    prepared, looker, command = proposal.prepared, proposal.looker, proposal.command
    if refused := _refused(proposal.outcomes, confirmed):
        seconds = time.monotonic() - started
        return shown(options, report_of(command, prepared.environment.name, refused, seconds, facts_of(prepared)))
    to_remember = {one.stack for one in proposal.outcomes if one.planned or (proposal.continues and one.result in GOOD)}
    for stack in to_remember:
        looker.look(stack)  # before the update, which may change what it is deployed from
    sealed = proposal.sealed or sealed_previews(prepared, options, proposal.outcomes, proposal.bound)
    fresh = options.yes and proposal.sealed is None
    with reviewed_by(prepared, proposal.outcomes, moved=proposal.moved, fresh_plans=fresh) as found:
        undertaking = Undertaking(
            doing="deploy",
            command=command,
            settled=found.settled,
            confirmed=confirmed,
            plan_set=sealed,
            continues=proposal.continues,
        )
        journal = journal_of(prepared, undertaking)
        ran = update(prepared, found, verbose=options.verbose, confirmed=confirmed, journal=journal)
    if sources_of(prepared.session.root, prepared.environment.name) == proposal.bound.sources:
        remember(prepared, looker, {one.stack for one in ran.outcomes if one.done} & to_remember)
    else:
        say("sources were edited meanwhile, so the next preview looks at every stack that was deployed")
    report = ran.report.model_copy(update={"command": command})
    ended(journal, report)
    return shown(options, report)


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


def _wanted(lost: Sequence[str], question: str) -> bool:
    """Return whether somebody wants it. Ctrl-C at a question is a no."""
    try:
        return all(named(f"Type {name} to go on and lose it: ", name) for name in lost) and agreed(question)
    except KeyboardInterrupt:
        say("")
        return False
