"""Resources in Terraform's terms."""

import dataclasses
from collections.abc import Mapping

from shared.policy.json_value import Json
from shared.policy.resource import Resource


@dataclasses.dataclass(frozen=True, kw_only=True)
class Block:
    """A Terraform resource. of: the resource that it tells about; type: Terraform's; values: its arguments."""

    of: Resource
    type: str
    values: Mapping[str, Json]
