"""Read an environment file, or say in one sentence why it cannot be used."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from shared.environment.errors import EnvironmentFileError
from shared.environment.model import Environment
from shared.environment.plain_yaml import PlainYamlError, read_plain_yaml
from shared.environment.problems import first_problem

REPOSITORY = Path(__file__).resolve().parents[2]


def environment_names(root: Path = REPOSITORY) -> tuple[str, ...]:
    """Return the names of the environments of the repository at `root`, sorted."""
    return tuple(sorted(path.stem for path in (root / "environments").glob("*.yaml")))


def load(name: str, root: Path = REPOSITORY) -> Environment:
    """Return the environment `name` of the repository at `root`.

    Raises EnvironmentFileError: no such file, not YAML, an unknown key, a wrong type, an impossible combination.
    """
    path = f"environments/{name}.yaml"
    known = environment_names(root)
    # Only names of the folder are taken, so that no name leads out of it.
    if name not in known:
        fix = f"use one of {', '.join(known)}" if known else "add one to environments/"
        raise EnvironmentFileError(path=path, key="", problem="there is no such environment", fix=fix)
    if not re.fullmatch(r"[a-z][a-z0-9]*", name, re.ASCII):
        problem = "the file's name, which is part of every resource name, has more than lower-case letters and digits"
        raise EnvironmentFileError(path=path, key="", problem=problem, fix="rename the file")
    data = _sections(_text(root / path, path), path)
    if "name" in data:
        raise EnvironmentFileError(path=path, key="name", problem="is given by the file's name", fix="remove the key")
    try:
        return Environment.model_validate({**data, "name": name})
    except ValidationError as error:
        raise first_problem(path, Environment, error) from None


def _text(file: Path, path: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8"
        raise EnvironmentFileError(path=path, key="", problem=problem, fix="save the file as UTF-8") from None
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise EnvironmentFileError(path=path, key="", problem=problem, fix="make it a readable file") from None


def _sections(text: str, path: str) -> Mapping[str, object]:
    try:
        data = read_plain_yaml(text)
    except PlainYamlError as error:
        line = f" (line {error.line})" if error.line else ""
        raise EnvironmentFileError(path=path, key=error.key, problem=f"{error.problem}{line}", fix=error.fix) from None
    if not isinstance(data, dict) or not data:
        problem = "is empty" if data in (None, {}) else "is not a mapping of keys"
        raise EnvironmentFileError(path=path, key="", problem=problem, fix="start from another environment's file")
    return data
