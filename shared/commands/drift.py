"""Compare an environment with its clouds; put the clouds right, or take over what they have."""

import sys
from collections.abc import Mapping
from functools import partial

from shared.commands.applying import Proposal, carried_out
from shared.commands.arguments import Options, UsageError
from shared.commands.confirmation import agreed
from shared.commands.holding import beside_state, held
from shared.commands.plan_sets import present
from shared.commands.ready import Ready, ready, say, with_state
from shared.commands.report_files import published
from shared.commands.reserved_names import refuse_reserved
from shared.commands.reviewing import looked_at, reviewed
from shared.commands.running import Ran, refresh
from shared.commands.showing import declined
from shared.commands.standard_output import put, show
from shared.exit_codes import ExitCode
from shared.orchestration.backend import states
from shared.orchestration.planned_outputs import resources_of
from shared.policy.source_line import place_of
from shared.reporting.drift_tree import drift_tree, program_lines
from shared.reporting.model import RunReport
from shared.reporting.terminal import console
from shared.state_store.noted_drift import is_marked, mark, unmark

_NOTED = (
    "the clouds were not changed; the state says now what they have, so drift finds nothing any more: "
    "invoke preview --env {environment} shows what the programs would change, and deploy does it"
)


def drift(options: Options) -> int:
    """Say what differs between the state and the clouds. Returns the exit code: 10 where something does.

    With --fix the programs are applied again, as deploy does it; with --accept the state takes over what the clouds
    have, and it is said what the programs must say to agree. Both ask first. Without these nothing is changed, and
    nobody has to wait.
    """
    if options.fix and options.accept:
        raise UsageError(flag="--fix", problem="and --accept exclude each other", fix="name one of them")
    if not (options.fix or options.accept):
        with ready(options) as prepared:
            return _shown(options, prepared, refresh(prepared, "drift", verbose=options.verbose))
    with ready(options, asks="drift") as opened, held(opened, options, "drift") as holding:
        found = refresh(holding.prepared, "drift", verbose=options.verbose)
        if found.report.exit_code or not (_differing(found) or (options.fix and _is_noted(holding.prepared))):
            return _shown(options, holding.prepared, found)
        return (_fixed if options.fix else _accepted)(options, holding.prepared, found)


def _is_noted(prepared: Ready) -> bool:
    return is_marked(beside_state(prepared.session), prepared.environment.name)


def _fixed(options: Options, prepared: Ready, found: Ran) -> int:
    """Note what the clouds have, preview the programs against that, and deploy it once it is agreed to."""
    _print(options, prepared, found)
    if not options.yes and not agreed("Note this in the state, and preview how the programs put it right?"):
        return declined(options, "drift")
    mark(beside_state(prepared.session), prepared.environment.name)  # who dies from here on leaves no difference
    noted = refresh(prepared, "refresh", verbose=options.verbose)
    if noted.report.exit_code:
        return _written(options, prepared, noted, _taken_over(noted))
    now = with_state(prepared)
    refuse_reserved(now, options.confirmed())
    looker = looked_at(now, everything=True)
    bound = present(now, looker.checkpoints)
    ran = reviewed(now, looker, verbose=options.verbose)
    proposal = Proposal(
        prepared=now,
        outcomes=ran.outcomes,
        looker=looker,
        moved=frozenset(),
        bound=bound,
        command="drift",
        confirmed=options.confirmed(),
        before=_NOTED.format(environment=now.environment.name),
    )
    code = carried_out(options, proposal)
    if not code:
        unmark(beside_state(prepared.session), prepared.environment.name)
    return code


def _accepted(options: Options, prepared: Ready, found: Ran) -> int:
    """Take over into the state what the clouds have, and say what the programs must say to agree."""
    _print(options, prepared, found)
    places = _places(prepared)
    if not options.yes and not agreed("Take this over into the state?"):
        return declined(options, "drift")
    ran = refresh(prepared, "refresh", verbose=options.verbose)
    lines = [line for one in ran.outcomes for line in program_lines(one, partial(_place, places.get(one.stack, {})))]
    if lines:
        say("for the programs to agree with the clouds:")
    for line in lines:
        say(f"  {line}")
    return _written(options, prepared, ran, _taken_over(ran))


def _taken_over(ran: Ran) -> RunReport:
    return ran.report.model_copy(update={"differences": "accepted"})


def _places(prepared: Ready) -> Mapping[str, Mapping[str, str]]:
    """Return the lines of the programs that resources came from, by stack and URN, before some are forgotten."""
    session = prepared.session
    return {
        stack: {
            one["urn"]: place_of(one, work=session.work / stack, roots=(session.root,)) for one in resources_of(known)
        }
        for stack, known in states(session).items()
    }


def _place(places: Mapping[str, str], urn: str) -> str:
    return places.get(urn, "")


def _shown(options: Options, prepared: Ready, ran: Ran) -> int:
    code = int(ExitCode.DRIFT) if _differing(ran) and not ran.report.exit_code else ran.report.exit_code
    return _written(options, prepared, ran, ran.report.model_copy(update={"exit_code": code, "differences": "found"}))


def _written(options: Options, prepared: Ready, ran: Ran, report: RunReport) -> int:
    report = published(options, report.model_copy(update={"command": "drift"}))
    if options.json:
        put(report.model_dump_json() + "\n")
    else:
        tree = drift_tree(prepared.environment.name, ran.outcomes, details=options.diff)
        show(tree)
    return report.exit_code


def _print(options: Options, prepared: Ready, found: Ran) -> None:
    if not options.yes:
        tree = drift_tree(prepared.environment.name, found.outcomes, details=options.diff)
        console(sys.stderr).print(tree, soft_wrap=False)


def _differing(ran: Ran) -> bool:
    return any(one.resources for one in ran.outcomes)
