"""Rehearse an environment: its configuration, from nothing to nothing, on a throw-away sandbox."""

import dataclasses
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from shared.commands.arguments import Options, UsageError, from_here
from shared.commands.ready import Ready, say
from shared.commands.reserved_names import refuse_reserved, release
from shared.commands.reviewing import deployed
from shared.commands.running import destroy
from shared.commands.stage import Stage, stage
from shared.commands.standard_output import put, show
from shared.environment import Environment
from shared.orchestration.backend import run_engine
from shared.orchestration.job import Operation
from shared.rehearsal import rehearsed
from shared.rehearsal.report import Step, StepName, rehearsal_report, step_of
from shared.reporting.model import RunReport
from shared.reporting.rehearsal_table import rehearsal_table
from shared.reserved_names import NamesReservedError
from shared.sandbox.remains import remains


def rehearse(options: Options) -> int:
    """Deploy everything, again without a change, destroy it, and all that once more. Returns the exit code."""
    environment = rehearsed(options.environment())
    kept = _empty_folder(options)
    started = time.monotonic()
    with stage(options) as place:
        steps = tuple(_until_failure(_steps(place, environment, kept)))
        _keep(place, kept)
    report = rehearsal_report(environment.name, steps, time.monotonic() - started, str(kept) if kept else None)
    if options.json:
        put(report.model_dump_json() + "\n")
    else:
        show(rehearsal_table(report))
    return report.exit_code


def _steps(place: Stage, environment: Environment, kept: Path | None) -> Iterator[Step]:
    """Yield the steps as they end. The next one is not begun where nobody asks for it."""
    with place.open(environment) as ready:
        yield _deployed(place, ready, "deploy")
        yield _deployed_again(
            place, dataclasses.replace(ready, deployed=frozenset(ready.selected), made=frozenset(ready.selected))
        )
    if kept:
        shutil.copytree(place.folder, kept, dirs_exist_ok=True, ignore=_not_kept)
    with place.open(environment) as ready:
        yield _destroyed(place, ready, "destroy")
    anew, note = _with_free_names(place, environment)
    with place.open(anew) as ready:
        yield _deployed(place, ready, "deploy anew", note)
    with place.open(anew) as ready:
        yield _destroyed(place, ready, "destroy again")


def _with_free_names(place: Stage, environment: Environment) -> tuple[Environment, str]:
    """Return the environment as it can be deployed again, of a new generation if need be, and why it is one."""
    with place.open(environment) as ready:
        try:
            refuse_reserved(ready, frozenset())
        except NamesReservedError as error:
            raised = environment.generation + 1
            return rehearsed(environment, generation=raised), f"generation raised to {raised}: {error}"
    return environment, ""


def _until_failure(steps: Iterator[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if step.exit_code:
            return


def _deployed(place: Stage, ready: Ready, name: StepName, note: str = "") -> Step:
    return step_of(name, _run(place, ready, "up", name), note=note)


def _deployed_again(place: Stage, ready: Ready) -> Step:
    report = _run(place, ready, "up", "deploy again")
    changed = [stack.name for stack in report.stacks if stack.result != "unchanged"]
    problem = f"{', '.join(changed)} changed although nothing did; make the program say the same twice"
    return step_of("deploy again", report, problem if changed else "")


def _destroyed(place: Stage, ready: Ready, name: StepName) -> Step:
    if ready.environment.protection.deletion:
        _unprotect(ready)
    report = _run(place, ready, "destroy", name)
    kept = release(ready, report)
    left = remains(ready.session.inventory) if ready.session.inventory else []
    return step_of(name, report, "; ".join(left) or ("a purge failed" if kept else ""))


def _unprotect(ready: Ready) -> None:
    """Do what a person does before an environment with deletion protection is given up."""
    for stack in ready.stacks:
        arguments = ["state", "unprotect", "--all", "--yes", "--stack", ready.environment.name]
        run_engine(ready.session, ready.engine, ready.session.work_dir(stack), arguments)


def _run(place: Stage, ready: Ready, operation: Operation, name: StepName) -> RunReport:
    say(f"rehearsal of {ready.environment.name}: {name}")
    verbose = place.options.verbose
    return (deployed(ready, verbose=verbose) if operation == "up" else destroy(ready, verbose=verbose)).report


def _empty_folder(options: Options) -> Path | None:
    """Return the folder of --keep. Raises UsageError where something is in it, or it cannot be made."""
    if not options.keep:
        return None
    folder = from_here(options.keep)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise UsageError(flag="--keep", problem=f"{folder}: {error.strerror}", fix="name another folder") from None
    if occupied:
        raise UsageError(flag="--keep", problem=f"{folder} is not empty", fix="name a new folder")
    return folder


def _keep(place: Stage, kept: Path | None) -> None:
    """Keep how it ended: beside what was deployed, or, where it did not come to that, alone."""
    if kept:
        end = kept / "destroyed" if any(kept.iterdir()) else kept
        shutil.copytree(place.folder, end, dirs_exist_ok=True, ignore=_not_kept)


_not_kept = shutil.ignore_patterns("home", "repository", "work")
