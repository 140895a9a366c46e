"""IAM policy documents as typed statements: the JSON of the "IAM JSON policy reference" of Amazon."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pulumi

Values = pulumi.Input[str] | Sequence[pulumi.Input[str]]
Tests = Mapping[str, Values] | pulumi.Output[dict[str, str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy.

    sid: letters and digits, unique in its policy. resources: ARNs, empty in a trust policy. outside: ARNs of all that
    it is not about, instead of resources ("NotResource").
    principals: by kind (AWS, Service, Federated), or everybody; None in the policy of a role.
    conditions: operator to condition key to value; an output where a condition key is known only later.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]] = ()
    outside: Sequence[pulumi.Input[str]] = ()
    effect: Literal["Allow", "Deny"] = "Allow"
    principals: Mapping[str, Values] | Literal["*"] | None = None
    conditions: Mapping[str, Tests] = dataclasses.field(default_factory=dict[str, "Tests"])

    def render(self) -> dict[str, Any]:
        """Return the statement as JSON data, whose leaves may be outputs."""
        parts: dict[str, Any] = {"Sid": self.sid, "Effect": self.effect, "Action": list(self.actions)}
        if self.resources:
            parts["Resource"] = list(self.resources)
        if self.outside:
            parts["NotResource"] = list(self.outside)
        if self.principals is not None:
            parts["Principal"] = self.principals if isinstance(self.principals, str) else dict(self.principals)
        if self.conditions:
            parts["Condition"] = dict(self.conditions)
        return parts


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """Return the JSON text of a policy: the same text for the same statements, so that it shows no false change."""
    rendered = [statement.render() for statement in statements]
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": rendered}, sort_keys=True)
