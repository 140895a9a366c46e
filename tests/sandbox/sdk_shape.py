"""What a Pulumi SDK class takes and gives, read from the SDK's source, to hold the sandbox's models against.

The SDK is not imported: the sources say the provider's own (camelCase) names, types and optionality.
"""

import ast
import dataclasses
import functools
import importlib.util
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from shared.sandbox.model import ResourceModel
from shared.sandbox.wire import Json, Properties, Secret, is_list, is_mapping

_PACKAGES = {"azure-native": "pulumi_azure_native", "azuread": "pulumi_azuread", "aws": "pulumi_aws"}
_API_VERSION = re.compile(r"Uses Azure REST API version (\S+?)\.\s")
_LEAVES: dict[str, type | tuple[type, ...]] = {"str": str, "bool": bool, "int": int, "float": (int, float)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Field:
    """One input or output.

    kind: its type annotation without the outermost Optional; constant: the only text it can have, None for any other.
    """

    name: str
    optional: bool
    kind: ast.expr
    constant: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shape:
    """One resource class of an SDK.

    types: the SDK's source file of nested output types.
    api_version: the REST API version that the class uses; empty for other clouds than Azure.
    """

    token: str
    inputs: Mapping[str, Field]
    outputs: Mapping[str, Field]
    types: Path
    api_version: str


@functools.cache
def shape_of(token: str) -> Shape:
    """Return the shape of the SDK class with that type token. Raises LookupError where the SDK has none."""
    package, module, _ = token.split(":")
    folder = _folder(package) / ("" if module.split("/")[0] == "index" else module.split("/")[0])
    for path in sorted(folder.glob("*.py")):
        source = path.read_text()
        marker = re.search(rf"@pulumi\.type_token\(['\"]{re.escape(token)}['\"]\)\s+class (\w+)", source)
        if marker:
            version = _API_VERSION.search(source)
            return Shape(
                token=token,
                inputs=_fields(source, f"{marker[1]}(?:Init)?Args"),
                outputs=_fields(source, marker[1]),
                types=folder / "outputs.py",
                api_version=version[1] if version else "",
            )
    raise LookupError(f"the SDK has no class with the token {token}")


def input_problems(model: ResourceModel) -> list[str]:
    """Return how the inputs of `model` differ from what the SDK class takes and demands."""
    shape = shape_of(model.token)
    demanded = {field.name for field in shape.inputs.values() if not field.optional}
    named = {*model.required, *model.write_only, *model.replace_on, *([model.name.property] if model.name else [])}
    tops = {path.split(".")[0] for path in named}
    return [
        *(f"{model.token}: the SDK takes no {key}" for key in sorted(model.properties - set(shape.inputs))),
        *(f"{model.token}: the model lacks the input {key}" for key in sorted(set(shape.inputs) - model.properties)),
        *(f"{model.token}: the SDK demands {key}" for key in sorted(demanded - model.required)),
        *(f"{model.token}: the model speaks of {key}" for key in sorted(tops - set(shape.inputs))),
    ]


def output_problems(token: str, outputs: Properties, absent: Collection[str] = ()) -> list[str]:
    """Return how `outputs` differ from what the SDK class reads: names, types, and what must not be missing.

    absent: paths of outputs that the SDK says are always there, and that the service leaves out.
    """
    shape = shape_of(token)
    excused = {f"the output {path} is missing" for path in absent}
    found = _mapping_problems("", outputs, shape.outputs, shape.types)
    return [f"{token}: {problem}" for problem in found if problem not in excused]


def type_problems(token: str, name: str, value: Json) -> list[str]:
    """Return how `value` differs from the SDK's output type `name`, for outputs that the SDK types as Any."""
    types = shape_of(token).types
    return [f"{token}: {problem}" for problem in _mapping_problems("", value, nested_fields(types, name), types)]


def missing_optional_outputs(token: str, outputs: Properties) -> list[str]:
    """Return the top-level outputs that the SDK class has and `outputs` has not."""
    return sorted(set(shape_of(token).outputs) - set(outputs))


@functools.cache
def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(_PACKAGES[package])
    if spec is None or spec.origin is None:
        raise LookupError(f"the SDK {_PACKAGES[package]} is not installed")
    return Path(spec.origin).parent


@functools.cache
def _source(path: Path) -> str:
    return path.read_text()


@functools.cache
def nested_fields(path: Path, name: str) -> Mapping[str, Field]:
    """Return the properties of a nested type by the provider's names. path: the source file of the SDK that has it."""
    return _fields(_source(path), name)


@functools.cache
def members_of(path: Path, name: str) -> tuple[str | int | float, ...]:
    """Return the values of an enumeration. path: the source file of the SDK that has it."""
    assigned = re.findall(r"^    [A-Z_]\w* = (.+)$", _class_source(_source(path), name), re.MULTILINE)
    return tuple(ast.literal_eval(value) for value in assigned)


def _fields(source: str, name: str) -> dict[str, Field]:
    """Return the properties of the class `name` (a pattern) by the provider's names, or raise LookupError."""
    text = _class_source(source, name)
    constants = dict(re.findall(r"^        pulumi\.set\(__self__, \"(\w+)\", '([^']*)'\)$", text, re.MULTILINE))
    found = (_field(node, constants) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {field.name: field for field in found if field}


def _class_source(source: str, name: str) -> str:
    """Return the source of the class `name` (a pattern), or raise LookupError."""
    start = re.search(rf"^class {name}\b.*?:$", source, re.MULTILINE)
    if start is None:
        raise LookupError(f"the SDK has no class {name}")
    end = re.compile(r"^(@|class |def |if )", re.MULTILINE).search(source, start.end())
    return source[start.start() : end.start() if end else len(source)]


def _field(function: ast.FunctionDef, constants: Mapping[str, str]) -> Field | None:
    """Return the field that a getter stands for; None for any other method."""
    for decorator in function.decorator_list:
        text = ast.unparse(decorator)
        if text.startswith("pulumi.getter") and function.returns:
            renamed = re.search(r"name='(\w+)'", text)
            kind, optional = unwrapped(function.returns)
            name = renamed[1] if renamed else function.name
            return Field(name=name, optional=optional, kind=kind, constant=constants.get(function.name))
    return None


def unwrapped(kind: ast.expr) -> tuple[ast.expr, bool]:
    """Return a type without the Input, Output and Optional around it, and whether it was optional."""
    optional = False
    while isinstance(kind, ast.Subscript) and ast.unparse(kind.value).split(".")[-1] in {"Input", "Output", "Optional"}:
        optional = optional or ast.unparse(kind.value).endswith("Optional")
        kind = kind.slice
    return kind, optional


def _mapping_problems(path: str, value: Properties, fields: Mapping[str, Field], types: Path) -> Iterator[str]:
    for key in sorted(set(value) - set(fields)):
        yield f"the SDK has no output {path}{key}"
    is_reference = set(value) == {"id"}  # Azure gives back related resources by their ids alone
    for key, field in fields.items():
        if value.get(key) is not None:
            yield from _problems(f"{path}{key}", value[key], field.kind, types)
        elif not field.optional and not is_reference:
            yield f"the output {path}{key} is missing"


def _problems(path: str, value: Json, kind: ast.expr, types: Path) -> Iterator[str]:
    value = value.value if isinstance(value, Secret) else value
    kind, _ = unwrapped(kind)
    if isinstance(kind, ast.Constant):
        yield from _named_problems(path, value, str(kind.value), types)
    elif isinstance(kind, ast.Subscript):
        yield from _generic_problems(path, value, kind, types)
    else:
        yield from _leaf_problems(path, value, ast.unparse(kind).split(".")[-1])


def _named_problems(path: str, value: Json, name: str, types: Path) -> Iterator[str]:
    if not name.startswith("outputs."):
        yield from _leaf_problems(path, value, "str")  # enumerations are text on the wire
    elif is_mapping(value):
        yield from _mapping_problems(f"{path}.", value, nested_fields(types, name.removeprefix("outputs.")), types)
    else:
        yield f"the output {path} is {type(value).__name__}, not an object"


def _generic_problems(path: str, value: Json, kind: ast.Subscript, types: Path) -> Iterator[str]:
    container, inner = ast.unparse(kind.value).split(".")[-1], kind.slice
    members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if container == "Union":
        yield from min((list(_problems(path, value, member, types)) for member in members), key=len)
    elif container == "Sequence" and is_list(value):
        for index, item in enumerate(value):
            yield from _problems(f"{path}[{index}]", item, members[0], types)
    elif container == "Mapping" and is_mapping(value):
        for key, item in value.items():
            yield from _problems(f"{path}.{key}", item, members[1], types)
    else:
        yield f"the output {path} is {type(value).__name__}, not a {container}"


def _leaf_problems(path: str, value: Json, kind: str) -> Iterator[str]:
    if kind == "Any":
        return
    wanted = _LEAVES.get(kind)
    if wanted is None:
        yield f"the output {path} has the type {kind}, which this check does not know"
    elif not isinstance(value, wanted) or (isinstance(value, bool) and kind != "bool"):
        yield f"the output {path} is {type(value).__name__}, not {kind}"
