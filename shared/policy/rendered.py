"""A document in the language of one of Checkov's frameworks."""

import dataclasses
from collections.abc import Mapping
from typing import Literal

from shared.policy.json_value import Json


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rendered:
    """A document. framework: Checkov's; owners: how Checkov names an entry, to the URN of the resource behind it."""

    framework: Literal["arm", "terraform_plan"]
    document: Json
    owners: Mapping[str, str]
