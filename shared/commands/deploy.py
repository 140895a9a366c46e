"""Deploy an environment: exactly what was previewed."""

from shared.commands.applying import Proposal, carried_out
from shared.commands.arguments import Options, from_here
from shared.commands.holding import held
from shared.commands.plan_sets import present, taken_up
from shared.commands.ready import Ready, ready
from shared.commands.reserved_names import refuse_reserved
from shared.commands.reviewing import looked_at, reviewed


def deploy(options: Options) -> int:
    """Deploy in dependency order what was previewed: now, or when the plan set was saved. Returns the exit code.

    Without --yes it is shown and asked for first. What would be lost is confirmed by name: typed at the keyboard, or
    given with --confirm. Where something is not confirmed, or a service would refuse it, nothing is touched.
    """
    with ready(options, asks="deploy") as opened, held(opened, options, "deploy") as holding:
        prepared = holding.prepared
        refuse_reserved(prepared, options.confirmed())
        proposal = _saved(prepared, options) if options.plan else _previewed(prepared, options)
        return carried_out(options, proposal)


def _saved(prepared: Ready, options: Options) -> Proposal:
    found = taken_up(prepared, options, from_here(options.plan))
    return Proposal(
        prepared=found.prepared,
        outcomes=found.outcomes,
        looker=found.looker,
        moved=found.moved,
        bound=found.bound,
        command="deploy",
        sealed=found.sealed,
        confirmed=options.confirmed(),
    )


def _previewed(prepared: Ready, options: Options) -> Proposal:
    looker = looked_at(prepared, everything=options.all)
    bound = present(prepared, looker.checkpoints)
    looker.look_ahead(prepared.selected)
    ran = reviewed(prepared, looker, verbose=options.verbose)
    return Proposal(
        prepared=prepared,
        outcomes=ran.outcomes,
        looker=looker,
        moved=frozenset(),
        bound=bound,
        command="deploy",
        confirmed=options.confirmed(),
    )
