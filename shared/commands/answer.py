"""Run a command's work and turn every failure into one sentence, an exit code and, if asked, one JSON document."""

import sys
import traceback
from collections.abc import Callable

from shared.commands.arguments import Options
from shared.commands.failures import exit_code_of
from shared.exit_codes import ExitCode

_STOPPED = "stopped before anything was begun"


def answer(command: str, work: Callable[[], int], options: Options) -> int:
    """Return the exit code of `work`.

    A failure is one sentence on standard error; with --verbose its traceback too. With --json standard output gets a
    run report without stacks.
    """
    try:
        return work()
    except KeyboardInterrupt:
        sys.stderr.write(f"{command}: {_STOPPED}\n")
        give_up(options, command, ExitCode.CANCELLED, _STOPPED)
        return ExitCode.CANCELLED
    except Exception as error:
        known = exit_code_of(error)
        code = ExitCode.INTERNAL if known is None else known
        if options.verbose or known is None:
            sys.stderr.write(traceback.format_exc())
        sys.stderr.write(f"{command}: {error}\n")
        # Nobody knows what is in the words of an error that nobody expected.
        said = f"an unexpected {type(error).__name__}: see standard error" if known is None else str(error)
        give_up(options, command, code, said)
        return code


def give_up(options: Options, command: str, code: ExitCode, error: str) -> None:
    """Report a run that did not get as far as its stacks, wherever it was asked for. error: why, in one sentence."""
    from shared.commands.report_files import RUNS, published
    from shared.reporting.model import RunReport

    report = RunReport(
        schema_version=1,
        command=command,
        environment=options.env or None,
        result="cancelled" if code == ExitCode.CANCELLED else "failed",
        exit_code=int(code),
        seconds=0.0,
        stacks=(),
        error=error,
    )
    if command in RUNS and not error.startswith(("--html: ", "--junit: ")):
        report = published(options, report)
    if options.json:
        sys.stdout.write(report.model_dump_json() + "\n")
