"""Preview, deploy and destroy the stacks of an environment."""

import sys
from collections.abc import Sequence

from shared.commands.answer import failed_document
from shared.commands.arguments import Options, UsageError
from shared.commands.confirmation import agreed, named
from shared.commands.ready import Ready, ready, refuse_without_terminal, say
from shared.commands.reserved_names import refuse_reserved, release
from shared.commands.reviewing import reviewed
from shared.commands.running import destroy as destroy_stacks
from shared.commands.running import reviewed_by, update
from shared.exit_codes import ExitCode
from shared.reporting.model import RunReport
from shared.reporting.terminal import console, result_table
from shared.sandbox.remains import remains


def preview(options: Options) -> int:
    """Show what deploying would change. Returns the exit code."""
    with ready(options) as prepared:
        return _show(options, reviewed(prepared, everything=True, verbose=options.verbose).report)


def deploy(options: Options) -> int:
    """Deploy in dependency order; without --yes show a preview first and ask. Returns the exit code.

    What would be lost is confirmed by name: typed at the keyboard, or given with --confirm. What nobody confirmed stops
    its stack before that is touched.
    """
    with ready(options, asks="deploy") as prepared:
        confirmed = options.confirmed()
        refuse_reserved(prepared, confirmed)
        previewed = reviewed(prepared, everything=True, verbose=options.verbose)
        if not options.yes:
            console(sys.stderr).print(result_table(previewed.report))
            lost = [name for name in previewed.losses if name not in confirmed]
            if not _confirmed(lost) or not agreed(f"Deploy this to {prepared.environment.name}?"):
                return _declined(options, "deploy")
            confirmed |= frozenset(lost)
        with reviewed_by(prepared, previewed.outcomes) as found:
            return _show(options, update(prepared, found, verbose=options.verbose, confirmed=confirmed).report)


def destroy(options: Options) -> int:
    """Destroy against dependency order. Returns the exit code.

    Outside the sandbox the environment's name has to be typed, also with --yes. Names that services keep afterwards are
    freed where that can be done, else it is said what to do.
    """
    with ready(options) as prepared:
        _refuse_needed(prepared)
        if not _may_destroy(options, prepared):
            return _declined(options, "destroy")
        report = destroy_stacks(prepared, verbose=options.verbose).report
        if release(prepared, report) and not report.exit_code:
            report = report.model_copy(update={"result": "failed", "exit_code": int(ExitCode.ERROR)})
        code = _show(options, report)
        if prepared.session.inventory and prepared.deployed <= set(prepared.selected):
            for line in remains(prepared.session.inventory):
                say(line)
        return code


def _show(options: Options, report: RunReport) -> int:
    if options.json:
        sys.stdout.write(report.model_dump_json() + "\n")
    else:
        console(sys.stdout).print(result_table(report))
    return report.exit_code


def _confirmed(lost: Sequence[str]) -> bool:
    return all(named(f"Type {name} to go on and lose it: ", name) for name in lost)


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


def _declined(options: Options, command: str) -> int:
    say("nothing was changed")
    if options.json:
        sys.stdout.write(failed_document(command, options.env, ExitCode.CANCELLED))
    return ExitCode.CANCELLED
