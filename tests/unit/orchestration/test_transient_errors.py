"""Which messages of providers pass by themselves: the shapes are those of real reports, named in the table."""

import pytest

from shared.orchestration.expired_login import login_expired
from shared.orchestration.transient_errors import TRANSIENT, codes_in, is_transient, transient_error

SUBNET = "azure-native:network:Subnet"
ENDPOINT = "azure-native:network:PrivateEndpoint"
GROUP = "azuread:index/group:Group"
ROLE = "aws:iam/role:Role"

THROTTLED = """GET https://management.azure.com/subscriptions/x
--------------------------------------------------------------------------------
RESPONSE 429: 429 Too Many Requests
ERROR CODE: RetryableError
--------------------------------------------------------------------------------
{"error": {"code": "RetryableError", "message": "A retryable error occurred."}}"""

STORAGE_BUSY = (
    'Code="StorageAccountOperationInProgress" Message="An operation is currently performing on this storage account '
    'that requires exclusive access."'
)
NOT_PROVISIONED = "Cannot proceed as resource /subscriptions/x is not in Succeeded state. Resource"
NEW_PRINCIPAL = (
    'Status=400 Code="PrincipalNotFound" Message="Principal 5a does not exist in the directory 5b. Check that you have '
    'the correct principal ID."'
)
NOT_REPLICATED = (
    "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource '5a' does not exist or one "
    "of its queried reference-property objects are not present."
)
INVALID_PRINCIPAL = (
    "operation error KMS: CreateKey, https response error StatusCode: 400, RequestID: 5a, "
    "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals."
)
EXPIRED = (
    "operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: x, "
    "api error ExpiredToken: The security token included in the request is expired"
)
PROPAGATING = (
    'Status=403 Code="Forbidden" Message="Caller is not authorized to perform action on resource. If role assignments, '
    'deny assignments or role definitions were changed recently, please observe propagation time."'
)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (SUBNET, 'Status=429 Code="TooManyRequests" Message="The request is being throttled."'),
        (
            SUBNET,
            'autorest/azure: Service returned an error. Status=<nil> Code="AnotherOperationInProgress" Message="x"',
        ),
        (SUBNET, THROTTLED),
        (ENDPOINT, STORAGE_BUSY),
        (ENDPOINT, f'Code="ReferencedResourceNotProvisioned" Message="{NOT_PROVISIONED} is in Updating state and ..."'),
        (SUBNET, 'Status=503 Code="Whatever" Message="down"'),
        (SUBNET, 'Code="Conflict" Message="Another operation is pending on the specified resource"'),
        ("azure-native:authorization:RoleAssignment", NEW_PRINCIPAL),
        ("azure-native:keyvault:Key", PROPAGATING),
        (GROUP, NOT_REPLICATED),
        (GROUP, "unexpected status 429 (429 Too Many Requests) with error: TooManyRequests: x"),
        (
            ROLE,
            "operation error IAM: GetRole, https response error StatusCode: 400, api error Throttling: Rate exceeded",
        ),
        (
            ROLE,
            "creating IAM Role: operation error IAM: CreateRole, https response error StatusCode: 503, RequestID: x",
        ),
        (
            "aws:sagemaker/pipeline:Pipeline",
            "response error StatusCode: 400, RequestID: 5a, api error ValidationException: Could not assume role x",
        ),
        (
            "aws:kms/key:Key",
            INVALID_PRINCIPAL,
        ),
        (
            "aws:s3/bucketNotification:BucketNotification",
            "OperationAborted: A conflicting conditional operation is currently in progress against this resource.",
        ),
        ("", "Exception: invoke of aws:iam/getRole:getRole failed: api error ThrottlingException: Rate exceeded"),
    ],
)
def test_what_passes_by_itself_is_known(kind: str, message: str) -> None:
    assert is_transient(kind, message)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (SUBNET, 'Status=400 Code="InvalidRequestFormat" Message="Throttling is no property"'),
        (SUBNET, 'Status=409 Code="Conflict" Message="the name is taken"'),
        (SUBNET, 'Status=403 Code="Forbidden" Message="no role allows this"'),
        (SUBNET, 'Status=403 Code="AuthorizationFailed" Message="x"'),
        (ENDPOINT, f'Code="ReferencedResourceNotProvisioned" Message="{NOT_PROVISIONED} is in Failed state"'),
        (SUBNET, 'Status=500 Code="InternalServerError" Message="perhaps it was done"'),
        (SUBNET, 'Status=502 Code="BadGateway" Message="perhaps it was done"'),
        (SUBNET, 'Code="QuotaExceeded" Message="TooManyRequests"'),
        (GROUP, "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: gone"),
        (ROLE, 'Code="PrincipalNotFound" Message="of another cloud"'),
        (ROLE, "api error ValidationException: the name is too long"),
        (ROLE, "api error EntityAlreadyExists: Role x exists already"),
        ("", 'Code="TooManyRequests" Message="nobody knows of what"'),
        ("", "ValueError: Throttling: no such thing"),
        ("pulumi:providers:aws", "api error Throttling: Rate exceeded"),
        (SUBNET, ""),
    ],
)
def test_nothing_else_is_tried_again(kind: str, message: str) -> None:
    assert not is_transient(kind, message)


def test_every_entry_names_its_source_and_is_recognised() -> None:
    kinds = {"azure-native": SUBNET, "azuread": GROUP, "aws": ROLE}
    for one in TRANSIENT:
        assert one.source
        says = one.says.split("|")[0].replace("(pending", "pending").replace("(conditional )?", "").replace("s?", "s")
        message = f"Status={one.code} {says}" if one.code.isdigit() else f'Code="{one.code}" Message="{says}"'
        found = transient_error(kinds[one.provider], message)
        assert found is not None
        assert (found.provider, found.code) == (one.provider, one.code)


def test_codes_are_read_from_every_shape() -> None:
    assert codes_in(THROTTLED) >= {"429", "retryableerror"}
    assert codes_in("no code here") == frozenset()


@pytest.mark.parametrize(
    "message",
    [
        EXPIRED,
        'Status=401 Code="ExpiredAuthenticationToken" Message="The access token expiry UTC time is earlier than now."',
        'Status=401 Code="InvalidAuthenticationTokenTenant" Message="The access token is from the wrong issuer"',
        "AADSTS700024: Client assertion is not within its valid time range.",
        'blob (key ".pulumi/stacks/a/b.json") (code=Unknown): ExpiredToken: The provided token has expired.',
    ],
)
def test_a_login_that_ended_is_known_and_is_not_tried_again(message: str) -> None:
    assert login_expired(message)
    assert not any(is_transient(kind, message) for kind in (SUBNET, GROUP, ROLE, ""))


def test_what_is_not_allowed_is_no_login_that_ended() -> None:
    assert not login_expired('Status=403 Code="AuthorizationFailed" Message="the token is fine"')
