"""Rehearse an environment: its configuration, from nothing to nothing, on a throw-away sandbox."""

import dataclasses
import shutil
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.commands.arguments import Options, UsageError, from_here
from shared.commands.ready import Ready, say
from shared.commands.reserved_names import refuse_reserved, release
from shared.commands.running import run
from shared.engine import Engine, find_engine
from shared.environment import Environment
from shared.orchestration.backend import deployed_stacks, run_engine
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from shared.orchestration.job import Operation
from shared.orchestration.workers import Workers, default_parallelism
from shared.rehearsal import rehearsal_session, rehearsed
from shared.rehearsal.report import Step, StepName, rehearsal_report, step_of
from shared.reporting.model import RunReport
from shared.reporting.rehearsal_table import rehearsal_table
from shared.reporting.terminal import console
from shared.reserved_names import NamesReservedError
from shared.sandbox.remains import remains


def rehearse(options: Options) -> int:
    """Deploy everything, again without a change, destroy it, and all that once more. Returns the exit code."""
    environment = rehearsed(options.environment())
    kept = _empty_folder(options)
    started = time.monotonic()
    with TemporaryDirectory(prefix="rehearsal-") as folder, _stage(options, Path(folder)) as stage:
        steps = tuple(_until_failure(_steps(stage, environment, kept)))
        _keep(stage, kept)
    report = rehearsal_report(environment.name, steps, time.monotonic() - started, str(kept) if kept else None)
    if options.json:
        sys.stdout.write(report.model_dump_json() + "\n")
    else:
        console(sys.stdout).print(rehearsal_table(report))
    return report.exit_code


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a rehearsal takes place. folder: of everything that it makes."""

    options: Options
    folder: Path
    parallel: int
    engine: Engine
    workers: Workers

    @contextmanager
    def open(self, environment: Environment) -> Generator[Ready]:
        """Yield what a run over all stacks of `environment`, whose ids are known, needs."""
        with rehearsal_session(environment, self.options.root, self.folder) as session:
            stacks = discover(session.root)
            graph = graph_of(stacks)
            session.prepare(stacks)
            yield Ready(
                environment=environment,
                stacks=stacks,
                graph=graph,
                selected=graph.order,
                parallel=self.parallel,
                session=session,
                engine=self.engine,
                workers=self.workers,
                deployed=deployed_stacks(session, self.engine, graph.order),
            )


@contextmanager
def _stage(options: Options, folder: Path) -> Generator[Stage]:
    """Yield a stage with warm workers. Raises EngineNotFoundError."""
    parallel = options.workers(default_parallelism)
    workers = Workers()
    workers.warm_up()
    yield Stage(options=options, folder=folder, parallel=parallel, engine=find_engine(say), workers=workers)


def _steps(stage: Stage, environment: Environment, kept: Path | None) -> Iterator[Step]:
    """Yield the steps as they end. The next one is not begun where nobody asks for it."""
    with stage.open(environment) as ready:
        yield _deployed(stage, ready, "deploy")
        yield _deployed_again(stage, dataclasses.replace(ready, deployed=frozenset(ready.selected)))
    if kept:
        shutil.copytree(stage.folder, kept, dirs_exist_ok=True, ignore=_not_kept)
    with stage.open(environment) as ready:
        yield _destroyed(stage, ready, "destroy")
    anew, note = _with_free_names(stage, environment)
    with stage.open(anew) as ready:
        yield _deployed(stage, ready, "deploy anew", note)
    with stage.open(anew) as ready:
        yield _destroyed(stage, ready, "destroy again")


def _with_free_names(stage: Stage, environment: Environment) -> tuple[Environment, str]:
    """Return the environment as it can be deployed again, of a new generation if need be, and why it is one."""
    with stage.open(environment) as ready:
        try:
            refuse_reserved(ready, frozenset())
        except NamesReservedError as error:
            return rehearsed(environment, generation=environment.generation + 1), str(error)
    return environment, ""


def _until_failure(steps: Iterator[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if step.exit_code:
            return


def _deployed(stage: Stage, ready: Ready, name: StepName, note: str = "") -> Step:
    return step_of(name, _run(stage, ready, "up", name), note=note)


def _deployed_again(stage: Stage, ready: Ready) -> Step:
    report = _run(stage, ready, "up", "deploy again")
    changed = [stack.name for stack in report.stacks if stack.result != "unchanged"]
    problem = f"{', '.join(changed)} changed although nothing did; make the program say the same twice"
    return step_of("deploy again", report, problem if changed else "")


def _destroyed(stage: Stage, ready: Ready, name: StepName) -> Step:
    if ready.environment.protection.deletion:
        _unprotect(ready)
    report = _run(stage, ready, "destroy", name)
    kept = release(ready, report)
    left = remains(ready.session.inventory) if ready.session.inventory else []
    return step_of(name, report, "; ".join(left) or ("a purge failed" if kept else ""))


def _unprotect(ready: Ready) -> None:
    """Do what a person does before an environment with deletion protection is given up."""
    for stack in ready.stacks:
        arguments = ["state", "unprotect", "--all", "--yes", "--stack", ready.environment.name]
        run_engine(ready.session, ready.engine, ready.session.work_dir(stack), arguments)


def _run(stage: Stage, ready: Ready, operation: Operation, name: StepName) -> RunReport:
    say(f"rehearsal of {ready.environment.name}: {name}")
    return run(ready, operation, verbose=stage.options.verbose).report


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


def _keep(stage: Stage, kept: Path | None) -> None:
    """Keep how it ended: beside what was deployed, or, where it did not come to that, alone."""
    if kept:
        end = kept / "destroyed" if any(kept.iterdir()) else kept
        shutil.copytree(stage.folder, end, dirs_exist_ok=True, ignore=_not_kept)


_not_kept = shutil.ignore_patterns("home", "repository", "work")
