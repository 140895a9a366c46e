"""Run the checks that hold for every commit."""

import dataclasses
import json
import sys

from rich.table import Table
from rich.text import Text

from shared.checks import CheckOutcome, run_checks
from shared.commands.arguments import Options
from shared.commands.standard_output import put, show
from shared.exit_codes import ExitCode


def check(options: Options) -> int:
    """Run all checks, or those that --only names. Returns 1 where one fails. Raises UnknownCheckError."""
    names = [name.strip() for name in options.only.split(",") if name.strip()]
    outcomes = run_checks(names)
    if options.json:
        document = {outcome.name: dataclasses.asdict(outcome.result) for outcome in outcomes}
        put(json.dumps({"checks": document}, indent=2, sort_keys=True) + "\n")
    else:
        _print(outcomes)
    return ExitCode.SUCCESS if all(outcome.result.ok for outcome in outcomes) else ExitCode.ERROR


def _print(outcomes: tuple[CheckOutcome, ...]) -> None:
    table = Table("check", "result", "seconds")
    for outcome in outcomes:
        verdict = Text("passed", "green") if outcome.result.ok else Text("failed", "bold red")
        table.add_row(outcome.name, verdict, f"{outcome.seconds:.1f}")
    for outcome in outcomes:
        if not outcome.result.ok:
            sys.stderr.write(f"{outcome.name}:\n{outcome.result.detail}\n  {outcome.result.fix}\n\n")
    show(table)
