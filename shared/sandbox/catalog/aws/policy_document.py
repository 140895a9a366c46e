"""Policy documents: what IAM, KMS and S3 demand of the JSON (IAM user guide, "IAM JSON policy element reference")."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Literal

from shared.sandbox.catalog.aws.account import is_foreign
from shared.sandbox.errors import CloudError
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

_VERSIONS = {"2012-10-17", "2008-10-17"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyKind:
    """Where a policy is attached.

    code: the service's error code for a bad document.
    principals: whether statements name principals: an identity's policy must not.
    resources: whether statements name resources: a trust policy must not.
    """

    code: str
    principals: Literal["required", "forbidden"]
    resources: Literal["required", "forbidden"]


IDENTITY = PolicyKind(code="MalformedPolicyDocument", principals="forbidden", resources="required")
TRUST = PolicyKind(code="MalformedPolicyDocument", principals="required", resources="forbidden")
KEY = PolicyKind(code="MalformedPolicyDocumentException", principals="required", resources="required")
BUCKET = PolicyKind(code="MalformedPolicy", principals="required", resources="required")
ENDPOINT = PolicyKind(code="InvalidPolicyDocument", principals="required", resources="required")


def statements(text: str, kind: PolicyKind) -> list[Properties]:
    """Return the statements of a policy. Raises CloudError where the document breaks the rules of its kind."""
    try:
        document = json.loads(text)
    except ValueError:
        raise CloudError(kind.code, "This policy contains invalid Json") from None
    if not is_mapping(document) or document.get("Version") not in _VERSIONS:
        raise CloudError(kind.code, f"The policy must contain a valid version string: one of {sorted(_VERSIONS)}")
    found = document.get("Statement")
    listed = found if is_list(found) else [found]
    good = [one for one in listed if is_mapping(one)]
    if not good or len(good) != len(listed):
        raise CloudError(kind.code, "Missing required field Statement")
    for statement in good:
        _check_statement(statement, kind)
    return good


def check_policy(request: Request, key: str, kind: PolicyKind) -> list[Properties]:
    """Check the policy in an input, and that the principals of our account that it names exist.

    Returns its statements; none where the input is left out.
    """
    text = request.inputs.get(key)
    if not text:
        return []
    found = statements(str(text), kind)
    for statement in found:
        for principal in _principals(statement):
            if not _principal_exists(request, principal):
                problem = "Policy contains a statement with one or more invalid principals."
                raise CloudError(kind.code, f"{problem} Invalid principal in policy: {principal}")
    return found


def size(text: str) -> int:
    """Return the size of a policy as IAM counts it: characters without white space."""
    return sum(not character.isspace() for character in text)


def _check_statement(statement: Properties, kind: PolicyKind) -> None:
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise CloudError(kind.code, f"Invalid effect: {statement.get('Effect')}")
    if not statement.get("Action") and not statement.get("NotAction"):
        raise CloudError(kind.code, "Missing required field Action")
    for element, rule in (("Principal", kind.principals), ("Resource", kind.resources)):
        there = element in statement or f"Not{element}" in statement
        if rule == "required" and not there:
            raise CloudError(kind.code, f"Missing required field {element}")
        if rule == "forbidden" and there:
            raise CloudError(kind.code, f"Has prohibited field {element}")


def _principals(statement: Properties) -> Iterator[str]:
    """Yield the ARNs of AWS principals that a statement names."""
    principal = statement.get("Principal") or statement.get("NotPrincipal")
    named: Json = principal.get("AWS") if is_mapping(principal) else None
    for one in named if is_list(named) else [named]:
        if isinstance(one, str) and one.startswith("arn:"):
            yield one


def _principal_exists(request: Request, arn: str) -> bool:
    resource = arn.rpartition(":")[2]
    if is_foreign(request, arn) or resource in ("root", "user/sandbox"):
        return True
    return any(role.outputs["arn"] == arn for role in request.existing.of_type("aws:iam/role:Role"))
