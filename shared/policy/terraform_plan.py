"""Resources as the JSON form of a Terraform plan: aws and azuread as they are, azure-native as azurerm.

Source: "JSON Output Format" of Terraform.
"""

import re
from collections.abc import Iterator, Sequence

from shared.policy.azurerm import azurerm_blocks
from shared.policy.bridged_types import BRIDGED_TYPES
from shared.policy.classic_subject import with_classic_subjects
from shared.policy.json_value import Json
from shared.policy.references import References
from shared.policy.rendered import Canary, Rendered
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block
from shared.policy.terraform_names import terraform_values

_CANARY_BLOCK = Block(
    of=Resource(stack="canary", urn="", type="", name="canary", id="", inputs={}, outputs={}),
    type="aws_kms_key",
    values={"enable_key_rotation": False},
)
_CANARY = Canary(name="aws_kms_key.canary_canary", check="CKV_AWS_7")
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]")


def terraform_plan(resources: Sequence[Resource]) -> Rendered:
    """Return the plan of all resources that have a Terraform type here."""
    blocks = _addressed([_CANARY_BLOCK, *_bridged(resources), *azurerm_blocks(resources)])
    references = References.to(blocks)
    document = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [_planned(*one) for one in blocks]}},
        "resource_changes": [_change(*one) for one in blocks],
        "configuration": {"root_module": {"resources": [_configured(*one, references) for one in blocks]}},
    }
    owners = {address: block.of.urn for address, block in blocks if block is not _CANARY_BLOCK}
    return Rendered(framework="terraform_plan", document=document, owners=owners, canary=_CANARY)


def _bridged(resources: Sequence[Resource]) -> Iterator[Block]:
    for resource in resources:
        if type_ := BRIDGED_TYPES.get(resource.type):
            yield Block(of=resource, type=type_, values=with_classic_subjects(terraform_values(resource.inputs)))


def _addressed(blocks: Sequence[Block]) -> list[tuple[str, Block]]:
    """Return the blocks with an address each: names are unique in a stack and under a component only."""
    addressed: dict[str, Block] = {}
    for block in blocks:
        name = _NO_NAME.sub("_", f"{block.of.stack}_{block.of.name}")
        free = (f"{block.type}.{name}{'' if count == 1 else f'_{count}'}" for count in range(1, len(blocks) + 2))
        addressed[next(address for address in free if address not in addressed)] = block
    return list(addressed.items())


def _planned(address: str, block: Block) -> Json:
    return {**_head(address, block), "values": {**block.values, "id": block.of.id}}


def _change(address: str, block: Block) -> Json:
    change = {"actions": ["create"], "before": None, "after": dict(block.values), "after_unknown": {}}
    return {**_head(address, block), "change": change}


def _configured(address: str, block: Block, references: References) -> Json:
    # One entry for each argument, however deep the reference in it is: Checkov joins resources by these only.
    found = {name: references.in_argument(value, of=address) for name, value in block.values.items()}
    expressions = {name: {"references": forms} for name, forms in found.items() if forms}
    return {**_head(address, block), "expressions": expressions}


def _head(address: str, block: Block) -> dict[str, Json]:
    provider = block.type.partition("_")[0]
    name = address.partition(".")[2]
    return {"address": address, "mode": "managed", "type": block.type, "name": name, "provider_name": provider}
