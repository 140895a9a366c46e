"""What was found."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Origin = Literal["PATH", "cache", "release", "build"]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A Pulumi CLI that was run and answered with a supported version.

    path: its file, absolute; version: semantic, without the leading v; origin: where it was found, "release" and
    "build" where this call made it; reason: why this one, and why not the ones that come before it.
    """

    path: Path
    version: str
    origin: Origin
    reason: str
