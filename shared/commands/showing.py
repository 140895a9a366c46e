"""Print the result of a run on standard output."""

from shared.commands.answer import give_up
from shared.commands.arguments import Options
from shared.commands.ready import say
from shared.commands.report_files import published
from shared.commands.standard_output import put, show
from shared.exit_codes import ExitCode
from shared.reporting.model import RunReport
from shared.reporting.terminal import result_table


def shown(options: Options, report: RunReport) -> int:
    """Write a report where it was asked for, and print it, as JSON or as a table. Returns its exit code.

    Of a run without stacks there is no table: what there is to say of it was said.
    """
    report = published(options, report)
    if options.json:
        put(report.model_dump_json() + "\n")
    elif report.stacks:
        show(result_table(report))
    return report.exit_code


def declined(options: Options, command: str, said: str = "nothing was changed") -> int:
    """Say what is, as somebody did not want more. Returns the exit code."""
    say(said)
    give_up(options, command, ExitCode.CANCELLED, said)
    return ExitCode.CANCELLED
