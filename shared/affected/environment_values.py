"""The values of an environment file, each told by a hash: they are for comparing, not for showing."""

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import cast

from shared.affected.errors import ProgramError
from shared.affected.meaning import digest
from shared.affected.tree import Tree, text_at
from shared.environment.plain_yaml import PlainYamlError, read_plain_yaml

ABSENT = "absent"


def environment_file(tree: Tree, environment: str) -> Mapping[str, object]:
    """Return what the file of an environment says; nothing where there is no such file. Raises ProgramError."""
    path = f"environments/{environment}.yaml"
    text = text_at(tree, path)
    if text is None:
        return {}
    try:
        data = read_plain_yaml(text)
    except PlainYamlError as error:
        problem = f"{error.key}: {error.problem}" if error.key else error.problem
        raise ProgramError(path=path, line=error.line, problem=problem, ref=tree.ref) from None
    if not isinstance(data, dict):
        raise ProgramError(path=path, line=0, problem="is not a mapping of keys", ref=tree.ref)
    return cast("Mapping[str, object]", data)


def hashed(values: Mapping[str, object], keys: Iterable[str]) -> dict[str, str]:
    """Return the hash of the value of each dotted key, ABSENT for one that the file does not have."""
    return {key: _hash_of(values, key) for key in keys}


def hash_of_value(value: object) -> str:
    """Return the hash of a value: the same, however the file writes it and in whatever order its keys stand."""
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=True, default=_spelled))


def _hash_of(values: Mapping[str, object], key: str) -> str:
    found: object = values
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            return ABSENT
        found = cast("Mapping[str, object]", found)[part]
    return hash_of_value(found)


def _spelled(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)
