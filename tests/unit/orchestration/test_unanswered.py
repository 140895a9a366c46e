"""Which creations that failed may have been done all the same."""

import pytest
from pulumi.automation.events import StepEventStateMetadata

from shared.orchestration.failures import Failure
from shared.orchestration.unanswered import may_have_been_made, unanswered

VAULT = "azure-native:keyvault:Vault"
VPC = "aws:ec2/vpc:Vpc"
STRANGE = "aws:strange/thing:Thing"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (VAULT, 'Status=429 Code="TooManyRequests" Message="The request is being throttled."'),
        (VAULT, 'Status=500 Code="InternalServerError" Message="x"'),
        (VAULT, "RESPONSE 504: 504 Gateway Timeout"),
        (VAULT, 'Status=401 Code="ExpiredAuthenticationToken" Message="x"'),
        (VAULT, "rpc error: code = Unavailable desc = error reading from server: EOF"),
        (VAULT, "waiting for completion: context deadline exceeded"),
        (VPC, "operation error EC2: CreateVpc, https response error StatusCode: 500, api error InternalError: x"),
        (VPC, "read tcp 10.0.0.1:1->10.0.0.2:443: read: connection reset by peer"),
    ],
)
def test_what_nobody_answered_may_have_been_made(kind: str, message: str) -> None:
    assert may_have_been_made(kind, message)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (VAULT, 'Status=409 Code="ResourceExists" Message="it exists already"'),
        (VAULT, 'Status=400 Code="BadRequest" Message="the name is too long"'),
        (VAULT, 'Status=403 Code="AuthorizationFailed" Message="x"'),
        (VPC, "operation error EC2: CreateVpc, https response error StatusCode: 400, api error VpcLimitExceeded: x"),
        (VAULT, "error: aborted"),
    ],
)
def test_what_was_refused_was_not_made(kind: str, message: str) -> None:
    assert not may_have_been_made(kind, message)


def state(urn: str, kind: str) -> StepEventStateMetadata:
    return StepEventStateMetadata(
        type=kind, urn=urn, id="", parent="p", provider="v::1", custom=True, inputs={"name": "x"}
    )


def test_only_creations_that_can_be_found_again_are_looked_for_where_nothing_was_done() -> None:
    urns = {kind: f"urn:pulumi:sandbox::s::{kind}::one" for kind in (VAULT, STRANGE)}
    failed = {urn: state(urn, kind) for kind, urn in urns.items()}
    busy = [Failure(urn=urns[VAULT], message="Status=429", operated=True)]
    busy += [Failure(urn=urns[STRANGE], message="api error Throttling: x", operated=True)]
    assert [one.type for one in unanswered(failed, [*busy, *busy])] == [VAULT]
    lost = Failure(urn=urns[STRANGE], message="error reading from server: EOF", operated=True)
    (found,) = unanswered(failed, [lost])
    assert (found.urn, found.parent, found.provider, found.inputs) == (urns[STRANGE], "p", "v::1", {"name": "x"})


def test_what_failed_without_being_a_creation_is_not_among_them() -> None:
    assert unanswered({}, [Failure(urn="urn:pulumi:sandbox::s::a:b:C::one", message="Status=429")]) == ()
