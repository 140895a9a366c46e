"""How the real providers word an error of their cloud: all shapes and sentences in one place.

azure-native: `Status=409 Code="..." Message="..."` (PulumiAzcoreResponseError in its client_azcore.go, since version 3;
issue pulumi/pulumi-azure-native 4509). azuread: `1 error occurred: * Creating group "...": unexpected status 404 (404
Not Found) with error: CODE: ...` (issue pulumi/pulumi-azuread 2014). aws: `1 error occurred: * creating IAM Role (...):
operation error IAM: CreateRole, https response error StatusCode: 400, RequestID: ..., api error CODE: ...` (AWS SDK for
Go v2; issue pulumi/pulumi 14413); what the SDK retries by itself also says that it has given up.
"""

import dataclasses
import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from shared.sandbox.faults.calls import Call
from shared.sandbox.faults.model import InjectedError


@dataclasses.dataclass(frozen=True)
class Said:
    """What a service says with a code. status: of HTTP."""

    status: int
    message: str


_URI: Final = "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000"
# "Understand how Azure Resource Manager throttles requests", "Troubleshoot common Azure deployment errors",
# "Troubleshoot Azure RBAC" (Microsoft Learn); issues pulumi/pulumi-azure-native 699, 3720 and 4509.
_AZURE: Final[Mapping[str, Said]] = {
    "AnotherOperationInProgress": Said(
        409,
        "Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: "
        f"{_URI}/providers/Microsoft.Network/locations/westeurope/operations/00000000-0000-0000-0000-000000000000"
        "?api-version=2024-05-01.",
    ),
    "AuthorizationFailed": Said(
        403,
        "The client does not have authorization to perform this action over this scope or the scope is invalid. If "
        "access was recently granted, please refresh your credentials.",
    ),
    "Conflict": Said(409, "The request could not be completed due to a conflict with the current state."),
    "ExpiredAuthenticationToken": Said(
        401,
        "The access token expiry UTC time '1/1/2026 12:00:00 PM' is earlier than current UTC time '1/1/2026 12:05:00 "
        "PM'.",
    ),
    "InternalServerError": Said(500, "Encountered internal server error."),
    "PrincipalNotFound": Said(
        400,
        "Principal 00000000000000000000000000000000 does not exist in the directory "
        "00000000-0000-0000-0000-000000000000. Check that you have the correct principal ID. If you are creating this "
        "principal and then immediately assigning a role, this error might be related to a replication delay. In this "
        "case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  "
        "See https://aka.ms/docs-principaltype",
    ),
    "QuotaExceeded": Said(409, "The operation would exceed an approved quota limit."),
    "RequestDisallowedByPolicy": Said(403, "Resource was disallowed by policy."),
    "ResourceRequestsThrottled": Said(
        429,
        "Number of requests exceeded the limit of '50' for time interval '00:05:00'. Please try again after '17' "
        "seconds.",
    ),
    "RetryableError": Said(429, "A retryable error occurred."),
    "ServerTimeout": Said(503, "The request timed out."),
    "ServiceUnavailable": Said(503, "The service is unavailable now. Please try again later."),
    "SubscriptionRequestsThrottled": Said(
        429, "Number of requests for this subscription exceeded the limit. Please try again after '17' seconds."
    ),
    "TooManyRequests": Said(429, "The request is being throttled."),
}
# "Microsoft Graph error responses and resource types", "Microsoft Graph throttling guidance"; issue
# pulumi/pulumi-azuread 2014.
_GRAPH: Final[Mapping[str, Said]] = {
    "Authorization_RequestDenied": Said(403, "Insufficient privileges to complete the operation."),
    "Directory_ConcurrencyViolation": Said(409, "A conflicting write is in progress. Please retry the request later."),
    "InvalidAuthenticationToken": Said(401, "Lifetime validation failed, the token is expired."),
    "Request_ResourceNotFound": Said(
        404,
        "Resource '00000000-0000-0000-0000-000000000000' does not exist or one of its queried reference-property "
        "objects are not present.",
    ),
    "ServiceUnavailable": Said(503, "The service is temporarily unavailable."),
    "TooManyRequests": Said(429, "Too Many Requests"),
    "UnknownError": Said(500, ""),
}
# "Error responses" of Amazon S3, "Common errors" of AWS IAM and of Amazon EC2.
_AWS: Final[Mapping[str, Said]] = {
    "AccessDenied": Said(403, "Access Denied"),
    "ConcurrentModification": Said(
        409, "The request was rejected because multiple requests to change this object were submitted simultaneously."
    ),
    "ExpiredToken": Said(403, "The security token included in the request is expired"),
    "ExpiredTokenException": Said(400, "The security token included in the request is expired"),
    "InternalError": Said(500, "We encountered an internal error. Please try again."),
    "LimitExceeded": Said(409, "Cannot exceed quota."),
    "OperationAborted": Said(
        409, "A conflicting conditional operation is currently in progress against this resource. Please try again."
    ),
    "RequestLimitExceeded": Said(503, "Request limit exceeded."),
    "ServiceUnavailable": Said(503, "Please reduce your request rate."),
    "SlowDown": Said(503, "Please reduce your request rate."),
    "Throttling": Said(400, "Rate exceeded"),
    "ThrottlingException": Said(400, "Rate exceeded"),
}
_TABLES: Final = {"azure-native": _AZURE, "azuread": _GRAPH, "aws": _AWS}
_UNTOLD: Final = "The operation failed."

# The codes that the AWS SDK for Go v2 retries (aws/retry: DefaultThrottleErrorCodes and DefaultRetryableErrorCodes).
_SDK_RETRIES: Final = frozenset({"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException"})
_ATTEMPTS: Final = 25  # "max_retries" of the provider, by default

_SERVICES: Final = {
    "cloudwatch/event": "EventBridge",
    "cloudwatch/log": "CloudWatch Logs",
    "ec2/": "EC2",
    "iam/": "IAM",
    "kms/": "KMS",
    "s3/": "S3",
    "sagemaker/": "SageMaker",
    "vpc/": "EC2",
}
_DOING: Final = {"create": "creating", "update": "updating", "delete": "deleting", "read": "reading"}


def worded(provider: str, call: Call, error: InjectedError) -> str:
    """Return an error as `provider` words it: the code's own sentence and status where the rule gives none."""
    said = _TABLES.get(provider, {}).get(error.code, Said(400, _UNTOLD))
    status, message = error.status or said.status, error.message or said.message
    if provider == "aws":
        return _listed(_aws(call, error.code, status, message))
    if provider == "azuread":
        return _listed(_graph(call, error.code, status, message))
    return f'Status={status} Code="{error.code}" Message="{message}"'


def _listed(problem: str) -> str:
    return f"1 error occurred:\n\t* {problem}\n\n"  # hashicorp/go-multierror: ListFormatFunc


def _aws(call: Call, code: str, status: int, message: str) -> str:
    path = call.type.partition(":")[2]
    kind = call.type.rpartition(":")[2]
    service = next((name for start, name in _SERVICES.items() if path.startswith(start)), "STS")
    action = f"{_verb(call, service, kind)}{kind}" if call.operation in _DOING else "GetCallerIdentity"
    given_up = f"exceeded maximum number of attempts, {_ATTEMPTS}, " if code in _SDK_RETRIES else ""
    request = uuid.uuid5(uuid.NAMESPACE_URL, f"{call.stack}/{call.type}/{call.name}")
    return (
        f"{_doing(call)} {service} {_words(kind)} ({call.name}): operation error {service}: {action}, {given_up}"
        f"https response error StatusCode: {status}, RequestID: {request}, api error {code}: {message}"
    )


def _verb(call: Call, service: str, kind: str) -> str:
    """Return what the service calls it: near to the real name of each action, which has no rule."""
    if call.operation == "read":
        return "Get" if service in ("IAM", "S3") else "Describe"
    if service == "S3" and kind != "Bucket" and call.operation in ("create", "update"):
        return "Put"
    return call.operation.capitalize()


def _graph(call: Call, code: str, status: int, message: str) -> str:
    phrase = next((one.phrase for one in HTTPStatus if one == status), "Unknown")
    kind = _words(call.type.rpartition(":")[2]).lower()
    return (
        f'{_doing(call).capitalize()} {kind} "{call.name}": unexpected status {status} ({status} {phrase}) with error: '
        f"{code}: {message}"
    )


def _doing(call: Call) -> str:
    return _DOING.get(call.operation, "reading")


def _words(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)
