"""Which refusals of a cloud pass by themselves: those are tried again, and nothing else is.

Only what says that the request was not carried out is here. A 500, a 502 and a 504 are not: what was asked for may have
been done all the same, and a second attempt could make it twice.
"""

import dataclasses
import re
from typing import Final

AZURE: Final = "azure-native"
ENTRA: Final = "azuread"
AWS: Final = "aws"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TransientError:
    """An error that passes by itself.

    provider: whose resources have it. code: the service's, without regard to case. says: what its message matches,
    where the code alone has other meanings too. source: where that is documented or was reported.
    """

    provider: str
    code: str
    source: str
    says: str = ""


_ARM_LIMITS = "Understand how Azure Resource Manager throttles requests (Microsoft Learn)"
_ARM_ERRORS = "Troubleshoot common Azure deployment errors (Microsoft Learn)"
_AZURE_REST = "Common REST API error codes (Microsoft Learn, Azure Storage)"
_AZURE_RBAC = "Troubleshoot Azure RBAC (Microsoft Learn)"
_GRAPH = "Microsoft Graph error responses and resource types (Microsoft Learn)"
_GRAPH_LIMITS = "Microsoft Graph throttling guidance (Microsoft Learn)"
_AWS_RETRIES = "Retry behavior (AWS SDKs and Tools Reference Guide)"
_IAM = "Troubleshoot IAM: changes that I make are not always immediately visible (IAM User Guide)"
_S3 = "Error responses (Amazon S3 API Reference)"
_EC2 = "Error codes for the Amazon EC2 API (Amazon EC2 Developer Guide)"

TRANSIENT: Final[tuple[TransientError, ...]] = (
    # Azure Resource Manager and its resource providers.
    TransientError(provider=AZURE, code="429", source="pulumi-azure-native issues 849 and 3720"),
    TransientError(provider=AZURE, code="503", source="Retry guidance for Azure services (Microsoft Learn)"),
    TransientError(provider=AZURE, code="TooManyRequests", source=_ARM_LIMITS),
    TransientError(provider=AZURE, code="SubscriptionRequestsThrottled", source=_ARM_LIMITS),
    TransientError(provider=AZURE, code="ResourceRequestsThrottled", source="Azure/azqr issue 34"),
    TransientError(provider=AZURE, code="ServerBusy", source=_AZURE_REST),
    TransientError(provider=AZURE, code="ServiceUnavailable", source=_ARM_ERRORS),
    TransientError(provider=AZURE, code="RetryableError", source="pulumi-azure-native issue 3720"),
    TransientError(provider=AZURE, code="RetryableErrorDueToAnotherOperation", source="pulumi-azure-native issue 3720"),
    TransientError(provider=AZURE, code="AnotherOperationInProgress", source="pulumi-azure-native issue 903"),
    TransientError(
        provider=AZURE,
        code="Conflict",
        says="another operation is (pending|in progress)",
        source="Azure/azure-service-operator issue 4650",
    ),
    TransientError(
        provider=AZURE, code="StorageAccountOperationInProgress", source="pulumi-azure-native pull request 4497"
    ),
    TransientError(
        provider=AZURE,
        code="ReferencedResourceNotProvisioned",
        says="resource is in updating state",
        source="terraform-provider-azurerm issues 21293 and 30197",
    ),
    TransientError(
        provider=AZURE,
        code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        source="pulumi-azure-native issue 4343",
    ),
    TransientError(provider=AZURE, code="PrincipalNotFound", source=_AZURE_RBAC),
    TransientError(
        provider=AZURE,
        code="Forbidden",
        says="observe propagation time",
        source="terraform-azurerm-avm-res-keyvault-vault issue 78",
    ),
    TransientError(
        provider=AZURE,
        code="KeyVaultAuthenticationFailure",
        source="Azure/bicep-types-az issue 2452: a role that is new",
    ),
    # Microsoft Graph.
    TransientError(provider=ENTRA, code="429", source=_GRAPH_LIMITS),
    TransientError(provider=ENTRA, code="503", source=_GRAPH),
    TransientError(provider=ENTRA, code="TooManyRequests", source=_GRAPH_LIMITS),
    TransientError(provider=ENTRA, code="ServiceNotAvailable", source=_GRAPH),
    TransientError(provider=ENTRA, code="Directory_ConcurrencyViolation", source="Azure/azure-cli issue 23081"),
    TransientError(
        provider=ENTRA,
        code="Request_ResourceNotFound",
        says="does not exist or one of its queried reference-property objects are not present",
        source="terraform-provider-azuread issue 1802: what was made a moment ago",
    ),
    # AWS.
    *(
        TransientError(provider=AWS, code=code, source=_AWS_RETRIES)
        for code in (
            "429",
            "503",
            "BandwidthLimitExceeded",
            "EC2ThrottledException",
            "PriorRequestNotComplete",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "SlowDown",
            "ThrottledException",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        )
    ),
    TransientError(provider=AWS, code="ServiceUnavailable", source=_S3),
    TransientError(provider=AWS, code="ServiceUnavailableException", source="Common errors (AWS API References)"),
    TransientError(provider=AWS, code="Unavailable", source=_EC2),
    TransientError(provider=AWS, code="OperationAborted", says="conflicting (conditional )?operation", source=_S3),
    TransientError(provider=AWS, code="ConcurrentModification", source="Common errors (IAM API Reference)"),
    *(
        TransientError(provider=AWS, code=code, says=r"cannot be assumed|(could not|unable to) assume", source=_IAM)
        for code in ("InvalidParameterValue", "InvalidParameterValueException", "ValidationException")
    ),
    TransientError(provider=AWS, code="MalformedPolicyDocument", says="invalid principal in policy", source=_IAM),
    TransientError(
        provider=AWS,
        code="MalformedPolicyDocumentException",
        says="invalid principals?",
        source="CreateKey (AWS KMS API Reference)",
    ),
    TransientError(provider=AWS, code="MalformedPolicy", says="invalid principal in policy", source=_S3),
)
"""Every error that is tried again, with its source."""

_CODES = (
    re.compile(r"\bCode=\"?(?P<code>\w+)", re.IGNORECASE),
    re.compile(r"\bStatus(?:Code)?[=:] ?(?P<code>\d{3})\b"),
    re.compile(r"\bRESPONSE (?P<code>\d{3}):"),
    re.compile(r"\bERROR CODE: (?P<code>\w+)"),
    re.compile(r"\"code\": ?\"(?P<code>\w+)\"", re.IGNORECASE),
    re.compile(r"\bapi error (?P<code>\w+):"),
    re.compile(r"\bunexpected status (?P<code>\d{3})\b"),
    re.compile(r"\bwith error: (?P<code>\w+):"),
    re.compile(r"(?:^|[:,] )(?P<code>[A-Z]\w+): "),
)
"""How the providers write a service's code: azcore and autorest, the AWS SDK for Go, Graph's SDK."""

_INVOKED = re.compile(r"\binvoke of (?P<token>[\w-]+:[\w/:-]+)")


def codes_in(message: str) -> frozenset[str]:
    """Return the error codes and HTTP statuses that a provider's message tells, in lower case."""
    return frozenset(found["code"].lower() for pattern in _CODES for found in pattern.finditer(message))


def transient_error(kind: str, message: str) -> TransientError | None:
    """Return the error that passes by itself which a message tells of; None where it tells of none.

    kind: the resource's type token, such as "aws:iam/role:Role"; empty where a provider function failed, whose token is
    in the message then.
    """
    invoked = _INVOKED.search(message)
    provider = (kind or (invoked["token"] if invoked else "")).partition(":")[0]
    codes = codes_in(message)
    return next((one for one in TRANSIENT if one.provider == provider and _tells(one, codes, message)), None)


def is_transient(kind: str, message: str) -> bool:
    """Return whether what a message tells of passes by itself."""
    return transient_error(kind, message) is not None


def _tells(error: TransientError, codes: frozenset[str], message: str) -> bool:
    if error.code.lower() not in codes:
        return False
    return not error.says or re.search(error.says, message, re.IGNORECASE) is not None
