"""How a property of a bridged Pulumi provider is called in Terraform.

Pulumi writes names in camel case, the plural for lists, and a plain object for a block that may occur once: "Pulumi
Terraform bridge", tfbridge/names.go. Terraform writes snake case, the singular for blocks, and a list for every block.
"""

import re
from collections.abc import Mapping

from shared.policy.json_value import Json, is_list, is_mapping

# Values, not blocks: their keys are the user's.
_MAPS = frozenset({"tags", "tagsAll", "metadata", "variables", "appRoleIds"})
# Names of lists that are not the plural of the Terraform name, or whose Terraform name is a plural.
_IRREGULAR: Mapping[str, str] = {
    "clientIdLists": "client_id_list",
    "pipelineParameterLists": "pipeline_parameter_list",
    "thumbprintLists": "thumbprint_list",
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """Return a camel case name in snake case: `sseKmsKeyId` is `sse_kms_key_id`."""
    return _WORD.sub("_", name).lower()


def terraform_values(inputs: Mapping[str, Json]) -> dict[str, Json]:
    """Return inputs as the values of a Terraform resource."""
    return dict(_pair(name, value) for name, value in inputs.items())


def terraform_name(name: str, value: Json) -> str:
    """Return the Terraform name of a property with this value."""
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    snake = snake_case(name)
    is_blocks = is_list(value) and bool(value) and all(is_mapping(item) for item in value)
    return _singular(snake) if is_blocks else snake


def _pair(name: str, value: Json) -> tuple[str, Json]:
    if is_mapping(value):
        return snake_case(name), dict(value) if name in _MAPS else [terraform_values(value)]
    if is_list(value):
        return terraform_name(name, value), [terraform_values(item) if is_mapping(item) else item for item in value]
    return terraform_name(name, value), value


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
