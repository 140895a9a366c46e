"""The baseline: the same work by hand, one fresh process per stack, one after another.

Everything else is the same: the engine, the programs, the simulated clouds, the state. Their start does not count.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from shared.bench.errors import UnexpectedResultError
from shared.bench.place import ENVIRONMENT, Place
from shared.bench.timing import timed
from shared.environment import load
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from shared.orchestration.session import sandbox_session

Operation = Literal["preview", "deploy"]
_ONLY = {"preview": {"preview": "same"}, "deploy": {"preview": "create", "up": "create"}}


def by_hand(place: Place, state: Path, operation: Operation) -> float:
    """Return the seconds that all stacks took. Raises CommandFailedError, UnexpectedResultError."""
    stacks = {stack.name: stack for stack in discover(place.root)}
    seconds = 0.0
    with sandbox_session(load(ENVIRONMENT, place.root), place.root, state) as session:
        for name in graph_of(stacks.values()).order:
            words = (str(stacks[name].main), str(session.work / name), ENVIRONMENT, operation)
            ended = timed(place.command("shared.bench.by_hand", *words, variables=session.variables))
            what = f"the {operation} of {name} by hand"
            _expect(_ONLY[operation], ended.document(what), what)
            seconds += ended.seconds
    return seconds


def _expect(only: Mapping[str, str], steps: Mapping[str, Mapping[str, int]], what: str) -> None:
    """Check that each step touched resources in the one way that is measured."""
    for step, kind in only.items():
        found = steps.get(step, {})
        if set(found) != {kind}:
            raise UnexpectedResultError(what=what, found=f"its {step} says {dict(found)}, not only {kind}")
