"""Run a command's work and turn every failure into one sentence, an exit code and, if asked, one JSON document."""

import json
import sys
import traceback
from collections.abc import Callable

from shared.commands.arguments import Options
from shared.commands.failures import exit_code_of
from shared.exit_codes import ExitCode


def answer(command: str, work: Callable[[], int], options: Options) -> int:
    """Return the exit code of `work`.

    A failure is one sentence on standard error; with --verbose its traceback too. With --json standard output gets a
    run report without stacks.
    """
    try:
        return work()
    except KeyboardInterrupt:
        sys.stderr.write(f"{command}: stopped before anything was begun\n")
        if options.json:
            sys.stdout.write(failed_document(command, options.env, ExitCode.CANCELLED))
        return ExitCode.CANCELLED
    except Exception as error:
        known = exit_code_of(error)
        code = ExitCode.INTERNAL if known is None else known
        if options.verbose or known is None:
            sys.stderr.write(traceback.format_exc())
        sys.stderr.write(f"{command}: {error}\n")
        if options.json:
            sys.stdout.write(failed_document(command, options.env, code))
        return code


def failed_document(command: str, environment: str, code: ExitCode) -> str:
    """Return the report of a run that did not get as far as its stacks."""
    document = {
        "schema_version": 1,
        "command": command,
        "environment": environment or None,
        "result": "cancelled" if code == ExitCode.CANCELLED else "failed",
        "exit_code": int(code),
        "seconds": 0.0,
        "stacks": [],
    }
    return json.dumps(document, sort_keys=True) + "\n"
