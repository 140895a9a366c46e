"""How the inputs that reach a provider differ from the arguments of the SDK's class: names, types, enumerations.

The SDKs are made from the published descriptions of the services (Azure's specifications, the schemas of the Terraform
providers), for the API version that the SDK calls: what fits them here has the names, the nesting and the spelling that
the service wants. An enumeration that the SDK leaves open (text, or one of these) is taken as closed.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.sandbox.sdk_shape import Field, members_of, nested_fields, shape_of, unwrapped


def argument_problems(token: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return how `inputs`, named as the provider sees them, differ from what the SDK class with that token takes."""
    shape = shape_of(token)
    return [f"{token}: {problem}" for problem in _object_problems("", inputs, shape.inputs, shape.types.parent)]


def _object_problems(path: str, value: Mapping[str, Any], fields: Mapping[str, Field], module: Path) -> Iterator[str]:
    for key in sorted(set(value) - set(fields)):
        yield f"{path}{key} is no argument"
    for key, field in fields.items():
        if value.get(key) is not None:
            yield from _problems(f"{path}{key}", value[key], field.kind, module)
            if field.constant not in (None, value[key]):
                yield f"{path}{key} is {value[key]!r}, and can only be {field.constant!r}"
        elif not field.optional:
            yield f"{path}{key} is missing"


def _problems(path: str, value: Any, kind: ast.expr, module: Path) -> Iterator[str]:
    kind, _ = unwrapped(kind)
    if isinstance(kind, ast.Constant):
        yield from _named_problems(path, value, str(kind.value), module)
    elif isinstance(kind, ast.Subscript):
        yield from _generic_problems(path, value, kind, module)
    else:
        yield from _leaf_problems(path, value, ast.unparse(kind).split(".")[-1])


def _named_problems(path: str, value: Any, name: str, module: Path) -> Iterator[str]:
    """Yield what is wrong with the value of an enumeration or a nested class, each named as a text in the SDK."""
    name = name.rsplit(".", maxsplit=1)[-1]
    if not name.endswith("Args"):
        if value not in (values := members_of(module / "_enums.py", name)):
            yield f"{path} is {value!r}, not one of {', '.join(map(repr, values))}"
    elif isinstance(value, Mapping):
        yield from _object_problems(f"{path}.", value, nested_fields(module / "_inputs.py", name), module)
    else:
        yield f"{path} is {type(value).__name__}, not an object"


def _generic_problems(path: str, value: Any, kind: ast.Subscript, module: Path) -> Iterator[str]:
    container, inner = ast.unparse(kind.value).split(".")[-1], kind.slice
    members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if container == "Union":
        yield from min((list(_problems(path, value, member, module)) for member in _closed(members)), key=len)
    elif container == "Sequence" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(f"{path}[{index}]", item, members[0], module)
    elif container == "Mapping" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _problems(f"{path}.{key}", item, members[1], module)
    else:
        yield f"{path} is {type(value).__name__}, not a {container}"


def _closed(members: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """Return the members of a union, without plain text where an enumeration is among them."""
    enumerations = [one for one in members if isinstance(one, ast.Constant) and not str(one.value).endswith("Args")]
    return enumerations or members


def _leaf_problems(path: str, value: Any, kind: str) -> Iterator[str]:
    if kind not in _LEAVES:
        yield f"{path} has the type {kind}, which this check does not know"
    elif not _LEAVES[kind](value):
        yield f"{path} is {value!r}, not {kind}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# On the wire every number is a float.
_LEAVES: Mapping[str, Callable[[Any], bool]] = {
    "Any": lambda _: True,
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: _is_number(value) and int(value) == value,
    "float": _is_number,
}
