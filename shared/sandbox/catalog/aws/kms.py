"""AWS Key Management Service."""

import json

from shared.sandbox.catalog.aws.account import Reference, aws, given_name, global_arn, physical_name, regional_arn
from shared.sandbox.catalog.aws.policy_document import KEY as KEY_POLICY
from shared.sandbox.catalog.aws.policy_document import check_policy
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_list

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
_POLICY_WRITERS = {"kms:*", "*", "kms:Put*", "kms:PutKeyPolicy"}


def key_reference(
    property_path: str, code: str = "NotFoundException", message: str = "Key '{}' does not exist"
) -> Reference:
    """Return the reference of an input that names a key by id, ARN or alias."""
    return Reference(
        property=property_path, targets={KEY: ("id", "arn"), ALIAS: ("id", "arn")}, code=code, message=message
    )


def _key_id(request: Request) -> str:
    return f"mrk-{request.hex('key', 32)}" if request.inputs.get("multiRegion") is True else request.guid("key")


def _default_policy(request: Request) -> str:
    root = {"AWS": global_arn(request, "iam", "root")}
    allow = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": root}
    statement = {**allow, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Id": "key-default-1", "Version": "2012-10-17", "Statement": [statement]})


def _listed(value: Json) -> list[Json]:
    return value if is_list(value) else [value]


def _check_key(request: Request) -> None:
    found = check_policy(request, "policy", KEY_POLICY)
    if not found or request.inputs.get("bypassPolicyLockoutSafetyCheck") is True:
        return
    allowed = [action for one in found if one["Effect"] == "Allow" for action in _listed(one.get("Action"))]
    if not _POLICY_WRITERS & set(allowed):
        raise CloudError(
            "MalformedPolicyDocumentException",
            "The new key policy will not allow you to update the key policy in the future.",
        )


def _key_outputs(request: Request) -> Properties:
    rotates = request.inputs.get("enableKeyRotation") is True
    return {
        "keyId": request.id,
        "policy": request.inputs.get("policy") or _default_policy(request),
        "rotationPeriodInDays": request.inputs.get("rotationPeriodInDays") or (365 if rotates else 0),
    }


def _alias_outputs(request: Request) -> Properties:
    target = request.text("targetKeyId")
    arn = target if target.startswith("arn:") else regional_arn(request, "kms", f"key/{target}")
    return {"name": given_name(request) or request.id, "targetKeyArn": arn}


MODELS = (
    aws(
        "kms/key:Key",
        properties="bypassPolicyLockoutSafetyCheck customKeyStoreId customerMasterKeySpec deletionWindowInDays"
        " description enableKeyRotation isEnabled keyUsage multiRegion policy rotationPeriodInDays xksKeyId",
        tagged=True,
        make_id=_key_id,
        arn=lambda request: regional_arn(request, "kms", f"key/{request.id}"),
        check=_check_key,
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "description": "",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
            "multiRegion": False,
        },
        outputs=_key_outputs,
        replace_on="customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
    ),
    aws(
        "kms/alias:Alias",
        properties="name namePrefix",
        required="targetKeyId",
        name=NameRule(property="name", pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]{1,250}", code="ValidationException"),
        make_id=lambda request: physical_name(request) if request.text("name") else "alias/" + physical_name(request),
        arn=lambda request: regional_arn(request, "kms", request.id),
        taken_code="AlreadyExistsException",
        references=(
            Reference(
                property="targetKeyId",
                targets={KEY: ("id", "arn")},
                code="NotFoundException",
                message="Key '{}' does not exist",
            ),
        ),
        defaults={"namePrefix": ""},
        outputs=_alias_outputs,
        replace_on="name namePrefix",
    ),
)
