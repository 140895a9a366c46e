"""A role on AWS is bounded in what it may do and in who may assume it.

Keys of conditions: AWS, "The confused deputy problem" and "Create a role for OpenID Connect federation".
"""

from collections.abc import Iterator

from shared.policy.json_value import Json, at, is_mapping
from shared.policy.resource import Resource
from shared.policy.rules.documents import bound_keys, listed, statements_of
from shared.policy.rules.rule import Estate, Rule

_ROLE = frozenset({"aws:iam/role:Role"})
_SOURCES = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"})
# Judged by a rule of its own, which knows subjects.
_GITHUB = "oidc-provider/token.actions.githubusercontent.com"


def _unbounded(resource: Resource, _: Estate) -> str:
    return "" if resource.inputs.get("permissionsBoundary") else "only its own policies bound what it may do"


def _trusts_freely(resource: Resource, _: Estate) -> str:
    statements = statements_of(resource.inputs.get("assumeRolePolicy"))
    if statements is None:
        return "the trust policy cannot be read here, so that nobody can say whom it trusts"
    free = [name for one in statements if at(one, "Effect") == "Allow" for name in _free_principals(one)]
    return f"{', '.join(free)} may assume it on behalf of anybody" if free else ""


def _free_principals(statement: Json) -> Iterator[str]:
    if at(statement, "NotPrincipal") is not None:
        yield "everybody but some"
    said = at(statement, "Principal")
    bound = bound_keys(statement)
    principals = said if is_mapping(said) else {"AWS": said}
    for kind, names in principals.items():
        for name in map(str, listed(names)):
            if not _is_bound(kind, name, bound):
                yield name


def _is_bound(kind: str, name: str, bound: frozenset[str]) -> bool:
    if kind == "Service":
        return bool(bound & _SOURCES)
    if kind == "Federated":
        return name.endswith(_GITHUB) or {key.rpartition(":")[2] for key in bound} >= {"aud", "sub"}
    return bool(bound)


RULES = (
    Rule(
        id="MLP_AWS_6",
        title="a role carries the permissions boundary",
        types=_ROLE,
        problem=_unbounded,
        fix="use shared/components/scoped_role.py",
    ),
    Rule(
        id="MLP_AWS_7",
        title="a role trusts services and identities on behalf of us only",
        types=_ROLE,
        problem=_trusts_freely,
        fix="add a condition: aws:SourceAccount for a service, audience and subject for an identity",
    ),
)
