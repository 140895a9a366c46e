"""Read a file of faults."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.environment.plain_yaml import PlainYamlError, read_plain_yaml
from shared.sandbox.faults.errors import FaultsFileError
from shared.sandbox.faults.model import Faults, InjectedError, Latency, Rule, Seconds

_KINDS: Final = {"dict_type": "a section of keys", "model_type": "a section of keys", "tuple_type": "a list"}
_SEE = "docs/sandbox.md says what it may hold"
_PARTS: Final[dict[str, type[BaseModel]]] = {
    "latency": Latency,
    "rules": Rule,
    "error": InjectedError,
    "seconds": Seconds,
}


def read_faults(path: Path) -> Faults:
    """Return what the file at `path` says; one that is not there says nothing. Raises FaultsFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Faults()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        raise FaultsFileError(path=str(path), problem=f"cannot be read ({why})", fix="correct or delete it") from None
    try:
        said = read_plain_yaml(text)
    except PlainYamlError as error:
        key = error.key or f"line {error.line}"
        raise FaultsFileError(path=str(path), key=key, problem=error.problem, fix=error.fix) from None
    try:
        return Faults.model_validate({} if said is None else _tuples(said))
    except ValidationError as error:
        raise _first(path, said, error) from None


def _tuples(said: object) -> object:
    """Return what was read with its list of rules as the model has it: strict models take no list for a tuple."""
    if isinstance(said, dict) and isinstance(said.get("rules"), list):
        return {**said, "rules": tuple(said["rules"])}
    return said


def _first(path: Path, said: object, error: ValidationError) -> FaultsFileError:
    problems = error.errors(include_url=False, include_context=False)
    first = next((one for one in problems if one["type"] == "extra_forbidden"), problems[0])
    parts = _place(said, first["loc"])
    if first["type"] == "extra_forbidden":
        fix = f"use {', '.join(_known(parts))}"
        return FaultsFileError(path=str(path), key=".".join(parts), problem="is not a known key", fix=fix)
    if first["type"] == "missing":
        key = ".".join((*parts, str(first["loc"][-1])))
        return FaultsFileError(path=str(path), key=key, problem="is missing", fix="add it")
    return FaultsFileError(path=str(path), key=".".join(parts), problem=_problem(first), fix=_SEE)


def _place(said: object, location: Iterable[int | str]) -> list[str]:
    """Return the keys on the way to a problem, without those that stand for a part of the model and not of the file."""
    place: list[str] = []
    for part in location:
        if isinstance(said, list) and isinstance(part, int):
            said = cast("list[object]", said)[part]
        elif isinstance(said, dict) and part in said:
            said = cast("dict[object, object]", said)[part]
        else:
            break
        place.append(str(part))
    return place


def _problem(error: ErrorDetails) -> str:
    words = _KINDS.get(error["type"])
    return f"should be {words}" if words else error["msg"].removeprefix("Value error, ").removeprefix("Input ")


def _known(place: list[str]) -> list[str]:
    """Return the keys that the part of the file may have in which an unknown one was found."""
    above = [part for part in place[:-1] if part in _PARTS]
    return sorted((_PARTS[above[-1]] if above else Faults).model_fields)
