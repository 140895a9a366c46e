"""A document in the language of one of Checkov's frameworks."""

import dataclasses
from collections.abc import Mapping
from typing import Literal

from shared.policy.json_value import Json


@dataclasses.dataclass(frozen=True, kw_only=True)
class Canary:
    """An entry that nobody deploys, and that a rule must fail: where it does not, no rule was asked.

    name: Checkov's for the entry; check: the rule's id.
    """

    name: str
    check: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rendered:
    """A document. framework: Checkov's; owners: how Checkov names an entry, to the URN of the resource behind it."""

    framework: Literal["arm", "terraform_plan"]
    document: Json
    owners: Mapping[str, str]
    canary: Canary
