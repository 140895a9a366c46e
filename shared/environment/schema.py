"""The JSON schema of environment files, for editors: generated from the model, never written by hand.

`python -m shared.environment.schema` writes it.
"""

import json
from pathlib import Path

from shared.environment.loading import REPOSITORY
from shared.environment.model import Environment

SCHEMA_FILE = Path("environments/schema.json")


def schema_text() -> str:
    """Return the text of environments/schema.json: JSON Schema 2020-12, with a description of every key."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Environment.model_json_schema()}
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def write_schema(root: Path = REPOSITORY) -> Path:
    """Write the schema into the repository at `root` and return its path."""
    file = root / SCHEMA_FILE
    file.write_text(schema_text(), encoding="utf-8")
    return file


if __name__ == "__main__":
    write_schema()
