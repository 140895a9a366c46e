"""How much of the processors one preview costs: the engine, the program and the simulated clouds together."""

import resource
from pathlib import Path

from shared.bench.place import ENVIRONMENT, Place
from shared.bench.timing import timed
from shared.environment import load
from shared.orchestration.definitions import discover
from shared.orchestration.session import sandbox_session

_AT_MOST = 10


def of_one_preview(place: Place, state: Path) -> float:
    """Return the CPU seconds of one preview, the mean of up to ten stacks from all layers.

    Everything is run twice, with the previews and without, so that starts and imports fall out.
    """
    files = [str(stack.main) for stack in discover(place.root)]
    sample = files[:: max(1, len(files) // _AT_MOST)][:_AT_MOST]
    return (_spent(place, state, "preview", sample) - _spent(place, state, "open", sample)) / len(sample)


def _spent(place: Place, state: Path, verb: str, files: list[str]) -> float:
    before = _of_ended_children()
    with sandbox_session(load(ENVIRONMENT, place.root), place.root, state) as session:
        words = (ENVIRONMENT, str(session.work), verb, *files)
        timed(place.command("shared.bench.forked_previews", *words, variables=session.variables))
    return _of_ended_children() - before


def _of_ended_children() -> float:
    """Return the CPU seconds of the processes that have ended and were waited for, with their own."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
