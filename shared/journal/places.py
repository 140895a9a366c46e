"""Names of a journal's objects in the store."""

import re
from typing import Final

_RUN: Final = re.compile(r"runs/[^/]+/(?P<run>\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8})/.+")

RECORD: Final = "run.json"
PLAN_SET: Final = "plan-set"
ENDING: Final = "ended.json"


def runs_folder(environment: str) -> str:
    """Return the folder of an environment's runs."""
    return f"runs/{environment}"


def place(environment: str, run: str, name: str) -> str:
    """Return the name of an object of a run."""
    return f"{runs_folder(environment)}/{run}/{name}"


def events_folder(environment: str, run: str) -> str:
    """Return the folder of a run's transitions."""
    return place(environment, run, "events")


def event_name(number: int, stack: str, state: str) -> str:
    """Return the name of a transition in its run's folder."""
    return f"events/{number:06}-{stack}-{state}.json"


def run_of(name: str) -> str | None:
    """Return which run an object belongs to; None for one of no run."""
    found = _RUN.fullmatch(name)
    return found["run"] if found else None
