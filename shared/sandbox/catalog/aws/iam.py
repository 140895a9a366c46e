"""AWS Identity and Access Management."""

import hashlib

from shared.sandbox.catalog.aws.account import (
    Reference,
    aws,
    given_name,
    global_arn,
    held_by,
    made_at,
    physical_name,
    unless_held,
)
from shared.sandbox.catalog.aws.policy_document import IDENTITY, TRUST, check_policy, size, statements
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_NAME = r"[\w+=,.@-]"
_MANAGED_LIMIT = 6144  # characters; IAM user guide, "IAM and AWS STS quotas"
_INLINE_LIMIT = 10240

_BOUNDARY = Reference(
    property="permissionsBoundary",
    targets={POLICY: ("arn",)},
    code="NoSuchEntity",
    message="Scope ARN: {} does not exist or is not attachable.",
)


def role_reference(key: str, code: str) -> Reference:
    """Return the reference of an input that holds the ARN of a role."""
    return Reference(property=key, targets={ROLE: ("arn",)}, code=code, message="The role {} cannot be found.")


def _policy_reference(key: str) -> Reference:
    message = "Policy {} does not exist or is not attachable."
    return Reference(property=key, targets={POLICY: ("arn",)}, code="NoSuchEntity", message=message)


def _named_role(key: str) -> Reference:
    message = "The role with name {} cannot be found."
    return Reference(property=key, targets={ROLE: ("id",)}, code="NoSuchEntity", message=message)


def _check_size(text: str, limit: int, quota: str) -> None:
    if size(text) > limit:
        raise CloudError("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}")


def _provider_host(request: Request) -> str:
    return request.text("url").removeprefix("https://")


def _provider_arn(request: Request) -> str:
    return global_arn(request, "iam", f"oidc-provider/{_provider_host(request)}")


def _check_provider(request: Request) -> None:
    if not request.text("url").startswith("https://"):
        raise CloudError("ValidationError", f"Invalid Open ID Connect Provider URL: {request.text('url')}")


def _provider_outputs(request: Request) -> Properties:
    certificate = hashlib.sha1(_provider_host(request).encode(), usedforsecurity=False).hexdigest()
    return {
        "url": _provider_host(request),
        "thumbprintLists": request.inputs.get("thumbprintLists") or [certificate],
    }


def _role_arn(request: Request) -> str:
    return global_arn(request, "iam", f"role{request.text('path', '/')}{request.id}")


def _check_role(request: Request) -> None:
    check_policy(request, "assumeRolePolicy", TRUST)
    for inline in request.inputs.get("inlinePolicies") or []:
        if inline.get("policy"):
            statements(str(inline["policy"]), IDENTITY)


def _check_role_delete(request: Request) -> None:
    """The provider detaches only what the role itself was given, or everything where it may."""
    if request.inputs.get("forceDetachPolicies") is True:
        return
    inline, attached = held_by("aws:iam/rolePolicy:RolePolicy", "role"), held_by(_ATTACHMENT, "role")
    unless_held("DeleteConflict", "Cannot delete entity, must delete policies first: {}", inline)(request)
    unless_held("DeleteConflict", "Cannot delete entity, must detach all policies first: {}", attached)(request)


def _role_outputs(request: Request) -> Properties:
    return {
        "name": given_name(request) or request.id,
        "uniqueId": "AROA" + request.hex("unique", 17).upper(),
        "createDate": made_at(request),
    }


def _check_role_policy(request: Request) -> None:
    check_policy(request, "policy", IDENTITY)
    _check_size(request.text("policy"), _INLINE_LIMIT, f"inline policies of role {request.text('role')}")


def _policy_arn(request: Request) -> str:
    return global_arn(request, "iam", f"policy{request.text('path', '/')}{physical_name(request)}")


def _check_managed_policy(request: Request) -> None:
    check_policy(request, "policy", IDENTITY)
    _check_size(request.text("policy"), _MANAGED_LIMIT, "PolicySize")


def _policy_outputs(request: Request) -> Properties:
    return {
        "arn": request.id,
        "name": given_name(request) or request.id.rpartition("/")[2],
        "policyId": "ANPA" + request.hex("unique", 17).upper(),
        "attachmentCount": 0,
    }


MODELS = (
    aws(
        "iam/openIdConnectProvider:OpenIdConnectProvider",
        properties="thumbprintLists",
        required="clientIdLists url",
        regional=False,
        tagged=True,
        make_id=_provider_arn,
        arn=_provider_arn,
        taken_code="EntityAlreadyExists",
        check=_check_provider,
        outputs=_provider_outputs,
        replace_on="url",
    ),
    aws(
        "iam/role:Role",
        properties="description forceDetachPolicies inlinePolicies managedPolicyArns maxSessionDuration name namePrefix"
        " path permissionsBoundary",
        required="assumeRolePolicy",
        regional=False,
        tagged=True,
        name=NameRule(property="name", pattern=_NAME + "{1,64}", code="ValidationError"),
        make_id=physical_name,
        arn=_role_arn,
        taken_code="EntityAlreadyExists",
        references=(_BOUNDARY, _policy_reference("managedPolicyArns")),
        check=_check_role,
        check_delete=_check_role_delete,
        defaults={
            "forceDetachPolicies": False,
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "maxSessionDuration": 3600,
            "namePrefix": "",
            "path": "/",
        },
        outputs=_role_outputs,
        replace_on="name namePrefix path",
    ),
    aws(
        "iam/rolePolicy:RolePolicy",
        properties="name namePrefix",
        required="policy role",
        regional=False,
        name=NameRule(property="name", pattern=_NAME + "{1,128}", code="ValidationError"),
        make_id=lambda request: f"{request.text('role')}:{physical_name(request)}",
        references=(_named_role("role"),),
        check=_check_role_policy,
        defaults={"namePrefix": ""},
        outputs=lambda request: {"name": given_name(request) or request.id.partition(":")[2]},
        replace_on="name namePrefix role",
    ),
    aws(
        "iam/policy:Policy",
        properties="delayAfterPolicyCreationInMs description name namePrefix path",
        required="policy",
        regional=False,
        tagged=True,
        name=NameRule(property="name", pattern=_NAME + "{1,128}", code="ValidationError"),
        unique=lambda request: f"IAM policy {request.id.rpartition('/')[2].lower()} of {request.cloud.account_id}",
        taken_code="EntityAlreadyExists",
        make_id=_policy_arn,
        check=_check_managed_policy,
        check_delete=unless_held(
            "DeleteConflict", "Cannot delete a policy attached to entities: {}", held_by(_ATTACHMENT, "policyArn")
        ),
        defaults={"description": "", "namePrefix": "", "path": "/"},
        outputs=_policy_outputs,
        replace_on="description name namePrefix path",
    ),
    aws(
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        properties="",
        required="policyArn role",
        regional=False,
        make_id=lambda request: f"{request.text('role')}/{request.text('policyArn')}",
        references=(_named_role("role"), _policy_reference("policyArn")),
        replace_on="policyArn role",
    ),
)
