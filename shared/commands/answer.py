"""Run a command's work and turn every failure into one sentence, an exit code and, if asked, one JSON document."""

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from shared.commands.arguments import Options
from shared.commands.failures import exit_code_of
from shared.commands.machine_failures import machine_failure
from shared.commands.standard_output import OutputClosedError, put
from shared.exit_codes import ExitCode

_STOPPED = "stopped before anything was begun"


def answer(command: str, work: Callable[[], int], options: Options) -> int:
    """Return the exit code of `work`.

    A failure is one sentence on standard error; with --verbose its traceback too. With --json standard output gets a
    run report without stacks.
    """
    if sys.stdin is None:  # closed by whoever started this
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  for as long as this process lives
    try:
        code = work()
    except OutputClosedError as error:
        # Reports that go to files were written before, and are right.
        sys.stderr.write(f"{command}: {error}\n")
        code = ExitCode.ERROR
    except KeyboardInterrupt:
        sys.stderr.write(f"{command}: {_STOPPED}\n")
        give_up(options, command, ExitCode.CANCELLED, _STOPPED)
        code = ExitCode.CANCELLED
    except Exception as error:
        machine = machine_failure(error)
        known = ExitCode.ERROR if machine else exit_code_of(error)
        code = ExitCode.INTERNAL if known is None else known
        if options.verbose or known is None:
            sys.stderr.write(traceback.format_exc())
        sys.stderr.write(f"{command}: {machine or error}\n")
        # Nobody knows what is in the words of an error that nobody expected.
        said = f"an unexpected {type(error).__name__}: see standard error" if known is None else machine or str(error)
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
        with suppress(OutputClosedError):  # what there is to say was said on standard error
            put(report.model_dump_json() + "\n")
