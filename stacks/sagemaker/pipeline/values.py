"""Values in a definition that SageMaker fills in when the pipeline runs."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Reference:
    """A parameter, a fact of the execution, or a property of another step."""

    path: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"Get": self.path}


@dataclasses.dataclass(frozen=True)
class Join:
    """Texts and references, joined by slashes."""

    parts: tuple["str | Reference", ...]

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"Std:Join": {"On": "/", "Values": [rendered(part) for part in self.parts]}}


@dataclasses.dataclass(frozen=True, kw_only=True)
class JsonGet:
    """A value in a property file. path: keys, joined by dots."""

    file: Reference
    path: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"Std:JsonGet": {"PropertyFile": self.file.render(), "Path": self.path}}


Value = str | Reference | Join


def rendered(value: Value | JsonGet) -> Any:
    """Return the JSON data of a value."""
    return value if isinstance(value, str) else value.render()
