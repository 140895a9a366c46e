"""Measure the budgets."""

import os
import platform
import tempfile
import time
from pathlib import Path

from shared.bench.groups import GROUPS, LONG
from shared.bench.memory import can_be_measured
from shared.bench.place import copied
from shared.bench.report import SCHEMA_VERSION, BenchReport, Machine
from shared.bench.rounds import measure, row_of
from shared.bench.table import bench_table
from shared.commands.arguments import Options, UsageError
from shared.commands.ready import say
from shared.commands.standard_output import put, show
from shared.engine import Engine, find_engine
from shared.exit_codes import ExitCode

_ROUNDS = 3


def bench(options: Options) -> int:
    """Measure the budgets that --only names, or with --full all; --repeat is the number of rounds.

    Returns 0 where everything could be measured, kept or not: times are no proof of a fault. Raises UsageError,
    BenchError, EngineNotFoundError.
    """
    chosen, repeat = selected(options), rounds(options)
    load, started = os.getloadavg()[0], time.monotonic()
    engine = find_engine(say)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        # Resolved: positions in a state are relative to the path that the engine sees.
        say("a copy of the repository is set up in a temporary folder")
        place = copied(options.root, Path(name).resolve(), engine)
        groups = [GROUPS[group](place) for group in chosen]
        found = measure(groups, repeat, say)
    rows = tuple(row_of(plan, found) for group in groups for plan in group.rows)
    report = BenchReport(
        schema_version=SCHEMA_VERSION,
        command="bench",
        repeat=repeat,
        seconds=round(time.monotonic() - started, 3),
        machine=_machine(engine, load),
        met=all(row.met is not False for row in rows),
        rows=rows,
    )
    if options.json:
        put(report.model_dump_json() + "\n")
    else:
        show(bench_table(report))
    return ExitCode.SUCCESS


def selected(options: Options) -> tuple[str, ...]:
    """Return the names of the groups to measure, in the order of GROUPS. Raises UsageError."""
    named = {name.strip() for name in options.only.split(",") if name.strip()}
    if unknown := sorted(named - set(GROUPS)):
        fix = f"use some of {', '.join(GROUPS)}"
        raise UsageError(flag="--only", problem=f"there is no budget {unknown[0]!r}", fix=fix)
    if named and options.full:
        raise UsageError(flag="--full", problem="means all budgets, and --only names some", fix="leave one of them out")
    chosen = tuple(name for name in GROUPS if name in named or (not named and (options.full or name not in LONG)))
    if "graphs" in chosen and not can_be_measured():
        problem = "this system has no /proc, so the memory of graphs cannot be measured"
        raise UsageError(flag="--only", problem=problem, fix="measure graphs on Linux, and name the others here")
    return chosen


def rounds(options: Options) -> int:
    """Return the number of rounds. Raises UsageError."""
    if not options.repeat:
        return _ROUNDS
    if not options.repeat.isascii() or not options.repeat.isdigit() or int(options.repeat) < 1:
        problem = f"{options.repeat!r} is not a whole number of at least 1"
        raise UsageError(flag="--repeat", problem=problem, fix="give the number of rounds")
    return int(options.repeat)


def _machine(engine: Engine, load: float) -> Machine:
    return Machine(
        system=platform.system(),
        cores=os.cpu_count() or 1,
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        python=platform.python_version(),
        engine=engine.version,
        load=round(load, 2),
    )
