"""Read an environment file, or say in one sentence why it cannot be used."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from shared.environment.errors import EnvironmentFileError
from shared.environment.model import Environment

REPOSITORY = Path(__file__).resolve().parents[2]


def environment_names(root: Path = REPOSITORY) -> tuple[str, ...]:
    """Return the names of the environments of the repository at `root`, sorted."""
    return tuple(sorted(path.stem for path in (root / "environments").glob("*.yaml")))


def load(name: str, root: Path = REPOSITORY) -> Environment:
    """Return the environment `name` of the repository at `root`.

    Raises EnvironmentFileError: no such file, not YAML, an unknown key, a wrong type, an impossible combination.
    """
    path = f"environments/{name}.yaml"
    data = _parsed(root / path, path, environment_names(root))
    try:
        return Environment.model_validate({**data, "name": name})
    except ValidationError as error:
        raise _first_problem(path, error) from None


def _parsed(file: Path, path: str, known: tuple[str, ...]) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        fix = f"use one of {', '.join(known)}" if known else "add one to environments/"
        raise EnvironmentFileError(path=path, key="", problem="there is no such environment", fix=fix) from None
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise EnvironmentFileError(path=path, key=line, problem=f"{error.problem}", fix="correct the YAML") from None
    except YAMLError as error:
        raise EnvironmentFileError(path=path, key="", problem=f"{error}", fix="correct the YAML") from None
    if not isinstance(data, dict) or not data:
        raise EnvironmentFileError(path=path, key="", problem="is not a mapping of keys", fix="start from another file")
    return {str(key): value for key, value in data.items()}


def _first_problem(path: str, error: ValidationError) -> EnvironmentFileError:
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    return EnvironmentFileError(
        path=path, key=key, problem=message, fix="see environments/schema.json for what is allowed"
    )
