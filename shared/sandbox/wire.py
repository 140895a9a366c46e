"""Values on the wire between engine and provider: protobuf structs with unknowns and secrets in them."""

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any, TypeGuard

from google.protobuf import json_format, struct_pb2

# The engine's texts: sdk/go/common/resource/plugin/rpc.go of Pulumi.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"

Json = Any
Properties = dict[str, Json]


@dataclasses.dataclass(frozen=True)
class Secret:
    """A secret value, kept apart so that it is never stored or printed."""

    value: Json = dataclasses.field(repr=False)


def decode(properties: struct_pb2.Struct) -> Properties:
    """Return the properties as Python values. Secrets become Secret, whole numbers become int."""
    return {key: _decoded(value) for key, value in _plain(properties).items()}


def encode(properties: Mapping[str, Json]) -> struct_pb2.Struct:
    """Return the wire form of `properties`."""
    struct = struct_pb2.Struct()
    struct.update({key: _encoded(value) for key, value in properties.items()})
    return struct


def hashed(value: Json) -> Json:
    """Return `value` with every secret replaced by a hash of it: what models see and the inventory stores."""
    if isinstance(value, Secret):
        if _holds_unknown(value.value):
            return UNKNOWN
        return "sha256:" + hashlib.sha256(repr(value.value).encode()).hexdigest()
    if is_mapping(value):
        return {key: hashed(item) for key, item in value.items()}
    if is_list(value):
        return [hashed(item) for item in value]
    return value


def is_mapping(value: object) -> TypeGuard[dict[str, Json]]:
    """Tell whether `value` is a mapping of properties."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Json]]:
    """Tell whether `value` is a list."""
    return isinstance(value, list)


def _holds_unknown(value: Json) -> bool:
    if is_mapping(value):
        return any(_holds_unknown(item) for item in value.values())
    if is_list(value):
        return any(_holds_unknown(item) for item in value)
    return value == UNKNOWN


def _plain(properties: struct_pb2.Struct) -> Properties:
    return json_format.MessageToDict(properties)


def _decoded(value: Json) -> Json:
    if is_mapping(value):
        if value.get(_SIGNATURE) == _SECRET:
            return Secret(_decoded(value.get("value")))
        return {key: _decoded(item) for key, item in value.items()}
    if is_list(value):
        return [_decoded(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _encoded(value: Json) -> Json:
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": _encoded(value.value)}
    if is_mapping(value):
        return {key: _encoded(item) for key, item in value.items()}
    if is_list(value):
        return [_encoded(item) for item in value]
    return value
