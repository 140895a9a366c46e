"""Run one operation over the stacks of an environment, and show how it goes."""

import dataclasses
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.commands.ready import Ready
from shared.orchestration.backend import checkpoints
from shared.orchestration.interruption import Interruption
from shared.orchestration.job import Operation, StackOutcome
from shared.orchestration.run import Run, RunPlan
from shared.orchestration.speculation import Speculation
from shared.reporting.build import report_of
from shared.reporting.model import RunReport
from shared.reporting.terminal import Progress

_COMMANDS: dict[Operation, str] = {"preview": "preview", "up": "deploy", "destroy": "destroy"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run came to. losses: names of what a preview would destroy."""

    report: RunReport
    losses: tuple[str, ...]


def run(
    prepared: Ready, operation: Operation, *, verbose: bool = False, confirmed: frozenset[str] = frozenset()
) -> Ran:
    """Run it, with progress on standard error. confirmed: names of what may be lost."""
    plan = RunPlan(
        operation=operation,
        definitions=prepared.stacks,
        graph=prepared.graph,
        selected=prepared.selected,
        deployed=prepared.deployed,
        parallel=prepared.parallel,
        verbose=verbose,
        confirmed=confirmed,
    )
    started = time.monotonic()
    with ExitStack() as stack:
        speculation = stack.enter_context(_speculation(prepared)) if operation == "preview" else None
        progress = stack.enter_context(Progress(prepared.selected, planned=operation == "preview"))
        interruption = stack.enter_context(Interruption())
        stacks = Run(plan, prepared.session, prepared.engine, prepared.workers, progress.hear, speculation=speculation)
        outcomes: tuple[StackOutcome, ...] = stacks.execute(interruption.requested)
    seconds = time.monotonic() - started
    return Ran(
        report=report_of(_COMMANDS[operation], prepared.environment.name, outcomes, seconds),
        losses=tuple(loss.name for outcome in outcomes for loss in outcome.losses),
    )


@contextmanager
def _speculation(prepared: Ready) -> Generator[Speculation]:
    """Yield the scratch backends of a preview. They hold property values: nobody else may read them, nor for long."""
    session = prepared.session
    session.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="preview-", dir=session.work) as folder:
        known = checkpoints(session, prepared.engine, prepared.deployed)
        yield Speculation(Path(folder), session.environment.name, known)
