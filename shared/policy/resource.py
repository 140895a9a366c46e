"""A resource as a program declared it and a state recorded it."""

import dataclasses
from collections.abc import Mapping

from shared.policy.json_value import Json


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a cloud, without its secrets.

    stack: the project; urn: unique in the environment; type: Pulumi's token; name: the logical name; id: what the
    cloud calls it; inputs: what the program said; outputs: what the cloud answered; dependencies: URNs of the same
    stack; place: "stacks/a/b.py:12", empty where the state does not tell.
    """

    stack: str
    urn: str
    type: str
    name: str
    id: str
    inputs: Mapping[str, Json]
    outputs: Mapping[str, Json]
    dependencies: tuple[str, ...] = ()
    place: str = ""
