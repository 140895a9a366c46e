"""Destroy the stacks of an environment."""

from collections.abc import Collection

from shared.commands.arguments import Options
from shared.commands.confirmation import agreed, named
from shared.commands.destroyable import refuse_destruction
from shared.commands.holding import held
from shared.commands.journaling import Undertaking, ended, journal_of
from shared.commands.looking import forgotten
from shared.commands.ready import Ready, ready, refuse_without_terminal, say
from shared.commands.reserved_names import release
from shared.commands.running import destroy as destroy_stacks
from shared.commands.showing import declined, shown
from shared.exit_codes import ExitCode
from shared.sandbox.remains import remains


def destroy(options: Options) -> int:
    """Destroy against dependency order. Returns the exit code.

    Outside the sandbox the environment's name has to be typed, also with --yes. Names that services keep afterwards are
    freed where that can be done, else it is said what to do.
    """
    with ready(options) as opened, held(opened, options, "destroy") as holding:
        return destroyed(options, holding.prepared, Undertaking(doing="destroy", command="destroy", settled={}))


def destroyed(options: Options, prepared: Ready, undertaking: Undertaking) -> int:
    """Ask, and destroy the selected stacks but for those that the undertaking has settled. Returns the exit code."""
    open_ = set(prepared.selected) - set(undertaking.settled)
    refuse_destruction(prepared, open_)
    if not _may_destroy(options, prepared, open_):
        return declined(options, undertaking.command)
    forgotten(prepared, prepared.selected)
    journal = journal_of(prepared, undertaking)
    ran = destroy_stacks(prepared, verbose=options.verbose, settled=undertaking.settled, journal=journal)
    report = ran.report.model_copy(update={"command": undertaking.command})
    if release(prepared, report) and not report.exit_code:
        report = report.model_copy(update={"result": "failed", "exit_code": int(ExitCode.ERROR)})
    ended(journal, report)
    code = shown(options, report)
    # What is there after a run that did not end well is still to be destroyed: it is no remainder.
    if not code and prepared.session.inventory and prepared.deployed <= set(prepared.selected):
        for line in remains(prepared.session.inventory):
            say(line)
    return code


def _may_destroy(options: Options, prepared: Ready, stacks: Collection[str]) -> bool:
    name = prepared.environment.name
    what = f"This destroys {', '.join(stack for stack in prepared.selected if stack in stacks)} in {name}."
    if not prepared.environment.simulated:
        return named(f"{what} Type the environment's name to go on: ", name)
    refuse_without_terminal(options, "destroy")
    return options.yes or agreed(what)
