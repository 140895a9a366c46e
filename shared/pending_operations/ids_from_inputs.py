"""The ids that follow from a resource's inputs: known before the cloud answers.

Sources: the id templates of azure-native, whose ids are those of Azure Resource Manager; the "Import" section of each
resource in the AWS and Azure AD providers' documentation, and where that differs from the id in the state, the
provider's source (`SetId`). A test compares all of them with the ids that the sandbox gives.
"""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.environment import Environment
from shared.policy.arm_types import ArmType, arm_type_of

_Inputs = Mapping[str, Any]

# The resource that an extension of Azure Resource Manager belongs to has one of these names in the SDK.
_SCOPES: Final = ("scope", "resourceUri", "resourceId")
_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}

_NAMED_AFTER: Final = {
    "aws:cloudwatch/logGroup:LogGroup": "{name}",
    "aws:iam/role:Role": "{name}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
    "aws:kms/alias:Alias": "{name}",
    "aws:s3/bucket:Bucket": "{bucket}",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "{bucket}",
    "aws:s3/bucketLogging:BucketLogging": "{bucket}",
    "aws:s3/bucketNotification:BucketNotification": "{bucket}",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": "{bucket}",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "{bucket}",
    "aws:s3/bucketPolicy:BucketPolicy": "{bucket}",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "{bucket}",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "{bucket}",
    "aws:s3/bucketVersioning:BucketVersioning": "{bucket}",
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "{modelPackageGroupName}",
    "aws:sagemaker/pipeline:Pipeline": "{pipelineName}",
    "azuread:index/groupMember:GroupMember": "{groupObjectId}/member/{memberObjectId}",
}


def id_from_inputs(token: str, inputs: _Inputs, environment: Environment) -> str | None:
    """Return the id that a resource with these inputs gets, None where the cloud makes it up.

    Raises KeyError where an input that it is made of is missing, so that the name is one that the provider made up.
    """
    if arm_type := arm_type_of(token):
        return _arm_id(arm_type, inputs, environment)
    if pattern := _NAMED_AFTER.get(token):
        return pattern.format_map(inputs)
    made = _COMPOSED.get(token)
    return made(inputs, environment) if made else None


def follows_from_inputs(token: str) -> bool:
    """Return whether the id of a resource of this type follows from its inputs."""
    return arm_type_of(token) is not None or token in _NAMED_AFTER or token in _COMPOSED


def _arm_id(arm_type: ArmType, inputs: _Inputs, environment: Environment) -> str:
    namespace, *kinds = arm_type.name.split("/")
    names = [str(inputs[name]) if name != "default" else name for name in arm_type.names]
    group = f"/subscriptions/{environment.azure.subscription_id}/resourceGroups/{inputs.get('resourceGroupName')}"
    if arm_type.name == "Microsoft.Resources/resourceGroups":
        return group
    scope = next((f"/{str(inputs[name]).strip('/')}" for name in _SCOPES if name in inputs), "")
    if not scope and "resourceGroupName" not in inputs:
        raise KeyError("resourceGroupName")
    path = "/".join(part for pair in zip(kinds, names, strict=True) for part in pair)
    return f"{scope or group}/providers/{namespace}/{path}"


def _rule(inputs: _Inputs, _: Environment) -> str:
    return _on_bus(inputs, str(inputs["name"]), "/")


def _target(inputs: _Inputs, _: Environment) -> str:
    return _on_bus(inputs, f"{inputs['rule']}-{inputs['targetId']}", "-")


def _on_bus(inputs: _Inputs, name: str, separator: str) -> str:
    bus = str(inputs.get("eventBusName") or "default")
    return name if bus == "default" else f"{bus}{separator}{name}"


def _object(inputs: _Inputs, _: Environment) -> str:
    # The provider sends keys without leading and doubled slashes.
    key = re.sub("/+", "/", str(inputs["key"]).removeprefix("./").lstrip("/"))
    return f"{inputs['bucket']}/{key}"


def _policy(inputs: _Inputs, environment: Environment) -> str:
    return _global_arn(environment, f"policy{inputs.get('path') or '/'}{inputs['name']}")


def _login_provider(inputs: _Inputs, environment: Environment) -> str:
    return _global_arn(environment, f"oidc-provider/{str(inputs['url']).removeprefix('https://')}")


def _global_arn(environment: Environment, resource: str) -> str:
    region = environment.aws.region
    partition = next((name for start, name in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")
    return f"arn:{partition}:iam::{environment.aws.account_id}:{resource}"


def _identifier_uri(inputs: _Inputs, _: Environment) -> str:
    encoded = base64.b64encode(str(inputs["identifierUri"]).encode()).decode()
    return f"{inputs['applicationId']}/identifierUris/{encoded}"


_COMPOSED: Final[Mapping[str, Callable[[_Inputs, Environment], str]]] = {
    "aws:cloudwatch/eventRule:EventRule": _rule,
    "aws:cloudwatch/eventTarget:EventTarget": _target,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _login_provider,
    "aws:iam/policy:Policy": _policy,
    "aws:s3/bucketObjectv2:BucketObjectv2": _object,
    "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri": _identifier_uri,
}
