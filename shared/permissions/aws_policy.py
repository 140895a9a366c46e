"""Whether AWS policies allow something: the rules of Amazon's "Policy evaluation logic", for one account.

A denial wins; else a statement must allow it, in the policy and in the boundary where there is one. What is not
understood is an error, not a guess: NotAction, variables, unknown operators.
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.permissions.aws_condition import condition_holds
from shared.permissions.errors import UnknownGrantError
from shared.permissions.wildcard import matches

_KNOWN = frozenset({"Sid", "Effect", "Action", "Resource", "NotResource", "Condition", "Principal"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class AwsRequest:
    """One action on one resource. context: values of condition keys; a key that is not there has no value."""

    action: str
    resource: str
    context: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict[str, "Sequence[str]"])


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyStatement:
    """One statement.

    sid: its name; conditions: operator to key to values; principals: of a resource's policy; outside: patterns of what
    it is not about, where it names no resources.
    """

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    principals: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    def applies(self, request: AwsRequest) -> bool:
        """Tell whether the statement is about this request."""
        return (
            any(matches(pattern, request.action, any_case=True) for pattern in self.actions)
            and self._is_about(request.resource)
            and condition_holds(self.conditions, request.context, where=self.sid)
        )

    def _is_about(self, resource: str) -> bool:
        if self.outside:
            return not any(matches(pattern, resource) for pattern in self.outside)
        return any(matches(pattern, resource) for pattern in self.resources)


def statements_of(policy: str) -> tuple[PolicyStatement, ...]:
    """Return the statements of a policy's JSON text. Raises UnknownGrantError."""
    return tuple(_statement(one) for one in json.loads(policy)["Statement"])


def aws_allows(
    statements: Iterable[PolicyStatement], request: AwsRequest, *, boundary: Sequence[PolicyStatement] | None = None
) -> bool:
    """Tell whether a role with these statements, inside this boundary, may make the request."""
    applying = [one for one in statements if one.applies(request)]
    if any(one.effect == "Deny" for one in applying) or not applying:
        return False
    return boundary is None or aws_allows(boundary, request)


def _statement(data: Mapping[str, Any]) -> PolicyStatement:
    sid = str(data.get("Sid", ""))
    unknown = sorted(set(data) - _KNOWN)
    if unknown or data["Effect"] not in ("Allow", "Deny"):
        raise UnknownGrantError(where=f"the statement {sid}", what=", ".join(unknown) or str(data["Effect"]))
    return PolicyStatement(
        sid=sid,
        effect=data["Effect"],
        actions=_many(data["Action"]),
        resources=_many(data.get("Resource", ())),
        conditions={
            operator: {key: _many(values) for key, values in tests.items()}
            for operator, tests in data.get("Condition", {}).items()
        },
        principals=_principals(data.get("Principal", {})),
        outside=_many(data.get("NotResource", ())),
    )


def _principals(data: str | Mapping[str, Any]) -> tuple[str, ...]:
    if isinstance(data, str):
        return (data,)
    return tuple(sorted(f"{kind} {name}" for kind, names in data.items() for name in _many(names)))


def _many(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
