"""The environment that is rehearsed: the real one, with ids invented where nobody knows them yet."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from shared.environment import Environment, missing_ids

_DIGITS = 10**12


def rehearsed(environment: Environment, *, generation: int | None = None) -> Environment:
    """Return the environment with every id that it needs, and of another generation if one is given.

    Invented ids are the same in every rehearsal of an environment.
    """
    data = environment.model_dump()
    for key in missing_ids(environment):
        section, _, name = key.partition(".")
        data[section][name] = _invented(environment.name, key)
    if generation is not None:
        data["generation"] = generation
    return Environment.model_validate({**data, "name": environment.name})


def write_environment(environment: Environment, folder: Path) -> None:
    """Write an environment's file into `folder`."""
    with (folder / f"{environment.name}.yaml").open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(_plain(environment.model_dump(exclude={"name"})), stream)


def _invented(environment: str, key: str) -> Any:
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{environment}/{key}")
    kinds: dict[str, Callable[[uuid.UUID], Any]] = {
        "azure.subscription_id": lambda guid: guid,
        "azure.tenant_id": lambda guid: guid,
        "aws.account_id": lambda guid: f"{guid.int % _DIGITS:012d}",
    }
    return kinds.get(key, lambda guid: guid.int % _DIGITS + 1)(number)


def _plain(value: Any) -> Any:
    """Return a value as YAML has it: ids as text, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, uuid.UUID) else value
