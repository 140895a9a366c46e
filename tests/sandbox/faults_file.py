"""Writes a sandbox's file of faults (docs/sandbox.md)."""

import os
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from shared.sandbox.faults.calls import FILE


def write_faults(state: Path, *rules: dict[str, Any], latency: dict[str, Any] | None = None) -> None:
    """Write the faults of the sandbox whose things are in the folder `state`, in one step. No rules: no faults."""
    state.mkdir(parents=True, exist_ok=True)
    draft = state / f".{FILE}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump({"latency": latency or {}, "rules": list(rules)}, stream)
    draft.replace(state / FILE)
