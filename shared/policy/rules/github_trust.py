"""Only one GitHub environment of one repository may use a login.

Checkov judges subjects too, without the ids of owner and repository, which it does not know. Forms of a subject:
GitHub, "OpenID Connect reference".
"""

import json
import re
from collections.abc import Iterator

from shared.policy.json_value import Json, at, is_list, is_mapping
from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule

_ISSUER = "token.actions.githubusercontent.com"
_NAME = r"[A-Za-z0-9_.-]+"
_SUBJECT = re.compile(rf"repo:(?:{_NAME}@\d+/{_NAME}@\d+|{_NAME}/{_NAME}):environment:{_NAME}")
_FREE = "anybody's workflow, or any branch of ours, may use this login"


def _federated(resource: Resource, _: Estate) -> str:
    if resource.inputs.get("issuer") != f"https://{_ISSUER}":
        return ""
    return "" if _SUBJECT.fullmatch(str(resource.inputs.get("subject"))) else _FREE


def _role(resource: Resource, _: Estate) -> str:
    try:
        trust: Json = json.loads(resource.inputs.get("assumeRolePolicy") or "")
    except ValueError:
        return "the trust policy cannot be read here, so that nobody can say whom it trusts"
    return _FREE if any(not _is_bounded(one) for one in _trusting_github(trust)) else ""


def _trusting_github(trust: Json) -> Iterator[Json]:
    for statement in _listed(at(trust, "Statement")):
        principals = [str(one) for one in _listed(at(statement, "Principal.Federated"))]
        if at(statement, "Effect") == "Allow" and any(one.endswith(f"oidc-provider/{_ISSUER}") for one in principals):
            yield statement


def _is_bounded(statement: Json) -> bool:
    # StringLike would take a subject for a pattern: only equality bounds it.
    equal = at(statement, "Condition.StringEquals")
    equal = equal if is_mapping(equal) else {}
    subjects, audiences = _listed(equal.get(f"{_ISSUER}:sub")), _listed(equal.get(f"{_ISSUER}:aud"))
    return (
        bool(subjects) and all(_SUBJECT.fullmatch(str(one)) for one in subjects) and audiences == ["sts.amazonaws.com"]
    )


def _listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if is_list(value) else [value]


RULES = (
    Rule(
        id="MLP_GITHUB_1",
        title="a login on Azure is for one GitHub environment",
        types=frozenset(
            {
                "azure-native:managedidentity:FederatedIdentityCredential",
                "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
            }
        ),
        problem=_federated,
        fix="use shared/components/github_subject.py",
    ),
    Rule(
        id="MLP_GITHUB_2",
        title="a login on AWS is for one GitHub environment",
        types=frozenset({"aws:iam/role:Role"}),
        problem=_role,
        fix="use shared/components/github_role.py",
    ),
)
