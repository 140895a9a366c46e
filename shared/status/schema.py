"""The published JSON schema of what `invoke status --json` prints. `python -m shared.status.schema` writes it."""

import json
from pathlib import Path

from shared.status.model import Status

SCHEMA_FILE = "docs/status-report.schema.json"


def schema_text() -> str:
    """Return the schema as the text of its file."""
    schema = Status.model_json_schema(mode="serialization")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2) + "\n"


def main() -> None:
    """Write the schema into this repository."""
    root = Path(__file__).resolve().parents[2]
    (root / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
