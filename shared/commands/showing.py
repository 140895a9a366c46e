"""Print the result of a run on standard output."""

import sys

from shared.commands.answer import failed_document
from shared.commands.arguments import Options
from shared.commands.ready import say
from shared.exit_codes import ExitCode
from shared.reporting.model import RunReport
from shared.reporting.terminal import console, result_table


def shown(options: Options, report: RunReport) -> int:
    """Print a report, as JSON or as a table. Returns its exit code."""
    if options.json:
        sys.stdout.write(report.model_dump_json() + "\n")
    else:
        console(sys.stdout).print(result_table(report))
    return report.exit_code


def declined(options: Options, command: str) -> int:
    """Say that nothing was changed, as somebody did not want it. Returns the exit code."""
    said = "nothing was changed"
    say(said)
    if options.json:
        sys.stdout.write(failed_document(command, options.env, ExitCode.CANCELLED, said))
    return ExitCode.CANCELLED
