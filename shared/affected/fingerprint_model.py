"""What a stack was made of when it was looked at, and how two such looks differ."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, cast

from shared.affected.environment_values import ABSENT

_VERSION = 1


class FingerprintError(ValueError):
    """A text is no fingerprint, or one of another version of this program. problem: a sentence."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"this is no fingerprint of a stack: {problem}; deploy the stack again to make a new one")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a stack is made of in one environment.

    sources: SHA-256 of what matters in each file, by its path relative to the repository; values: SHA-256 of each value
    of the environment file that the program reads, by dotted key, "absent" where there is none; versions: locked
    versions of what the program imports from elsewhere, by distribution.
    """

    stack: str
    environment: str
    sources: Mapping[str, str]
    values: Mapping[str, str]
    versions: Mapping[str, str]

    def to_json(self) -> str:
        """Return it as a JSON document."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return json.dumps({"schema_version": _VERSION, **fields}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Fingerprint":
        """Return the fingerprint that `to_json` wrote. Raises FingerprintError."""
        try:
            document: object = json.loads(text)
        except ValueError:
            raise FingerprintError("it is not JSON") from None
        if not isinstance(document, dict):
            raise FingerprintError("it is not an object")
        fields = cast("dict[str, Any]", document)
        if fields.get("schema_version") != _VERSION:
            raise FingerprintError(f"its schema_version is not {_VERSION}")
        names = {field.name for field in dataclasses.fields(cls)}
        if fields.keys() != names | {"schema_version"}:
            raise FingerprintError("it has other fields")
        for name in sorted(names):
            _check(name, fields[name], mapping=name in {"sources", "values", "versions"})
        return cls(**{name: fields[name] for name in names})


def differences(before: Fingerprint, after: Fingerprint) -> tuple[str, ...]:
    """Return how two fingerprints of one stack in one environment differ, in sentences without a full stop.

    Raises ValueError where they are of two stacks, or of two environments.
    """
    if (before.stack, before.environment) != (after.stack, after.environment):
        one, other = f"{before.stack} in {before.environment}", f"{after.stack} in {after.environment}"
        raise ValueError(f"fingerprints of {one} and of {other} say nothing about each other")
    file = f"environments/{after.environment}.yaml"
    return (
        *(_source(path, before, after) for path in _changed(before.sources, after.sources)),
        *(_value(key, before.values, after.values, file) for key in _changed(before.values, after.values)),
        *(_version(name, before, after) for name in _changed(before.versions, after.versions)),
    )


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]


def _source(path: str, before: Fingerprint, after: Fingerprint) -> str:
    if path not in before.sources:
        return f"{path} is part of it now"
    return f"{path} changed" if path in after.sources else f"{path} is not part of it any more"


def _value(key: str, before: Mapping[str, str], after: Mapping[str, str], file: str) -> str:
    if key not in before:
        return f"{key} of {file} is read now"
    if key not in after:
        return f"{key} of {file} is not read any more"
    if before[key] == ABSENT:
        return f"{key} was added to {file}"
    return f"{key} was removed from {file}" if after[key] == ABSENT else f"{key} changed in {file}"


def _version(name: str, before: Fingerprint, after: Fingerprint) -> str:
    if name not in before.versions:
        return f"{name} {after.versions[name]} is used now"
    if name not in after.versions:
        return f"{name} is not used any more"
    return f"{name} is {after.versions[name]}, was {before.versions[name]}"


def _check(name: str, value: object, *, mapping: bool) -> None:
    if not mapping:
        if not isinstance(value, str):
            raise FingerprintError(f"{name} is no text")
        return
    if not isinstance(value, dict) or not all(
        isinstance(one, str) for one in cast("dict[str, object]", value).values()
    ):
        raise FingerprintError(f"{name} is no mapping of texts")
