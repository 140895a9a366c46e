"""The Pulumi engine (the CLI): found on this machine, installed or built."""

from shared.engine.errors import Attempt, EngineNotFoundError
from shared.engine.finding import find_engine
from shared.engine.found import Engine, Origin

__all__ = ["Attempt", "Engine", "EngineNotFoundError", "Origin", "find_engine"]
