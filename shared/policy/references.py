"""Which resource another one means: in a state a reference is the text of an id, in Terraform it is an address."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from shared.policy.json_value import Json, is_list, is_mapping
from shared.policy.terraform_block import Block

_IDS = ("arn", "keyId")


@dataclasses.dataclass(frozen=True)
class References:
    """Addresses by the texts that mean them, in small letters: Azure's ids have no case."""

    addresses: Mapping[str, str]

    @classmethod
    def to(cls, blocks: Sequence[tuple[str, Block]]) -> "References":
        """Return the references that can be made to blocks with their addresses."""
        ids = {block.of.urn: block.of.id for _, block in blocks}
        found: dict[str, str] = {}
        for address, block in blocks:
            # A bucket's sub-resources have the id of the bucket, which is what the id means.
            if any(ids.get(urn) == block.of.id for urn in block.of.dependencies):
                continue
            for text in (block.of.id, *(block.of.outputs.get(name) for name in _IDS)):
                if isinstance(text, str) and text:
                    found.setdefault(text.lower(), address)
        return cls(found)

    def in_argument(self, value: Json, *, of: str) -> list[str]:
        """Return the references in an argument, in order, in both forms that a plan has. of: the address it is of."""
        addresses = dict.fromkeys(self.addresses[text] for text in _texts(value) if text in self.addresses)
        return [form for address in addresses if address != of for form in (f"{address}.id", address)]


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value.lower()
    elif is_mapping(value):
        for item in value.values():
            yield from _texts(item)
    elif is_list(value):
        for item in value:
            yield from _texts(item)
