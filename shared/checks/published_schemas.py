"""The published JSON schemas of what commands print: generated from the models, never written by hand.

`python -m shared.checks.published_schemas` writes them.
"""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel

REPOSITORY: Final = Path(__file__).resolve().parents[2]

# Models by name: they take a while to import, and most of `invoke check --only` does not need them.
MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "docs/bench-report.schema.json": ("shared.bench.report", "BenchReport"),
    "docs/run-report.schema.json": ("shared.reporting.model", "RunReport"),
    "docs/status-report.schema.json": ("shared.status.model", "Status"),
}
"""The module and the class of each, by the path of its file."""


def schema_text(file: str) -> str:
    """Return the schema as the text of its file. Raises KeyError for a file that is none of these."""
    module, name = MODELS[file]
    model: type[BaseModel] = getattr(importlib.import_module(module), name)
    schema = model.model_json_schema(mode="serialization")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2) + "\n"


def main() -> None:
    """Write the schemas into this repository."""
    for file in MODELS:
        (REPOSITORY / file).write_text(schema_text(file), encoding="utf-8")


if __name__ == "__main__":
    main()
