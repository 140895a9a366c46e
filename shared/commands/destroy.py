"""Destroy the stacks of an environment."""

from shared.commands.arguments import Options, UsageError
from shared.commands.confirmation import agreed, named
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
    with ready(options) as prepared:
        _refuse_needed(prepared)
        if not _may_destroy(options, prepared):
            return declined(options, "destroy")
        forgotten(prepared, prepared.selected)
        report = destroy_stacks(prepared, verbose=options.verbose).report
        if release(prepared, report) and not report.exit_code:
            report = report.model_copy(update={"result": "failed", "exit_code": int(ExitCode.ERROR)})
        code = shown(options, report)
        if prepared.session.inventory and prepared.deployed <= set(prepared.selected):
            for line in remains(prepared.session.inventory):
                say(line)
        return code


def _refuse_needed(prepared: Ready) -> None:
    """Refuse to destroy a stack while one outside the selection still reads from it."""
    for stack in prepared.selected:
        for reader in prepared.graph.downstreams(stack):
            if reader in prepared.deployed and reader not in prepared.selected:
                problem = f"{stack} cannot be destroyed while {reader} is deployed and reads from it"
                raise UsageError(flag="--stacks", problem=problem, fix=f"destroy {reader} first, or name both")


def _may_destroy(options: Options, prepared: Ready) -> bool:
    name = prepared.environment.name
    what = f"This destroys {', '.join(prepared.selected)} in {name}."
    if not prepared.environment.simulated:
        return named(f"{what} Type the environment's name to go on: ", name)
    refuse_without_terminal(options, "destroy")
    return options.yes or agreed(what)
