"""Every operation of a real deployment is one that its login may do, and none is one that previews may do.

One sandbox is deployed, changed in every stack and destroyed, by the real engine.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence

import pytest

from shared.permissions.aws_requests import AwsAccount
from shared.permissions.azure_requests import PREFIX as AZURE
from shared.permissions.azure_requests import azure_requests
from shared.permissions.logins import Login, Operation, logins_of
from shared.permissions.reviewed.all_grants import OWN_ROLES
from tests.sandbox.deployed_history import Done, Known, Observer
from tests.sandbox.platform_copy import PlatformCopy

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

OPERATIONS: tuple[Operation, ...] = ("create", "update", "delete", "read")
LATER = {"key_vault", "network_storage", "ml_workspace", "sagemaker"}

_OWN_TRUST = "a login that changes its own trust or rights could promote itself"
_OWN_ROLE = "a login that changes a role that it holds could promote itself"
_GRANTS = "a login that may grant this could grant itself more"
_GRAPH = "Graph's permission for it would let the login give itself any permission"
_ASSIGNMENT = "azure-native:authorization:RoleAssignment"
_DEFINITION = "azure-native:authorization:RoleDefinition"
_APP_ROLE = "azuread:index/appRoleAssignment:AppRoleAssignment"
_TRUST = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
# What the identity login cannot do: type and logical name, and why a person does it.
BY_A_PERSON = {
    ("azuread:index/application:Application", "gha-identity"): _OWN_TRUST,
    ("azuread:index/servicePrincipal:ServicePrincipal", "gha-identity"): _OWN_TRUST,
    (_TRUST, "gha-identity"): _OWN_TRUST,
    ("aws:iam/role:Role", "gha-identity"): _OWN_TRUST,
    ("aws:iam/rolePolicy:RolePolicy", "gha-identity"): _OWN_TRUST,
    (_ASSIGNMENT, "resource-group-gha-identity-platform-deployer"): _OWN_TRUST,
    (_ASSIGNMENT, "resource-group-gha-identity-rbac-administrator"): _OWN_TRUST,
    (_ASSIGNMENT, "resource-group-gha-deploy-rbac-administrator"): _GRANTS,
    (_ASSIGNMENT, "subscription-gha-deploy-flow-log-keeper"): "it is a right outside of the resource group",
    (_DEFINITION, "endpoint-scorer"): _OWN_ROLE,
    (_DEFINITION, "flow-log-keeper"): _OWN_ROLE,
    (_DEFINITION, "platform-deployer"): _OWN_ROLE,
    (_APP_ROLE, "gha-preview-application-read-all"): _GRAPH,
    (_APP_ROLE, "gha-preview-group-read-all"): _GRAPH,
    (_APP_ROLE, "gha-identity-application-read-all"): _GRAPH,
    (_APP_ROLE, "gha-identity-group-read-all"): _GRAPH,
    (_APP_ROLE, "gha-identity-application-readwrite-ownedby"): _GRAPH,
    (_APP_ROLE, "gha-identity-group-create"): _GRAPH,
    (_APP_ROLE, "compute-model-read"): _GRAPH,
    (_APP_ROLE, "scoring-clients-model-score"): _GRAPH,
    (_APP_ROLE, "ml-admins-config-write"): _GRAPH,
}
# What a preview cannot read: type, the end of the sentence that says so, and why that is right.
NOT_READ_BY_PREVIEWS = {
    (
        "azure-native:appconfiguration:KeyValue",
        "keyValues/read",
    ): "previews compare with the state; only a refresh would read data",
    ("azure-native:network:FlowLog", "flowLogs/read"): "it lies in a group of Azure's own; the state is compared",
    (_DEFINITION, "roleDefinitions/read"): "it is the subscription's; the state is compared",
    (_ASSIGNMENT, "roleAssignments/read"): "one is the subscription's; the state is compared",
    ("aws:s3/bucketObjectv2:BucketObjectv2", "s3:GetObject"): "objects are data; the definitions are read all the same",
    ("aws:s3/bucketObjectv2:BucketObjectv2", "s3:GetObjectTagging"): "as for the object",
    ("aws:s3/bucketObjectv2:BucketObjectv2", "kms:Decrypt"): "as for the object",
}


# These end with their parent, or are never deleted.
CALLS_NOTHING = {
    ("delete", "azure-native:storage:BlobServiceProperties"),
    ("delete", "azure-native:security:DefenderForStorage"),
    ("delete", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class History:
    """What was done, what existed, and what the logins were granted."""

    done: Sequence[Done]
    known: Sequence[Known]
    logins: Mapping[str, Login]
    account: AwsAccount

    def refused(self, login: str, operation: Operation, known: Known) -> list[str]:
        """Return why the login may not do this, in sentences."""
        return list(self.logins[login].refusals(operation, known.resource, self.account))

    def all_refused(self, login: str, stacks: Collection[str]) -> dict[tuple[str, str], list[str]]:
        """Return what was done in these stacks and the login may not do: type, logical name, and why."""
        return {
            (one.known.resource.token, one.known.name): sentences
            for one in self.done
            if one.known.stack in stacks and (sentences := self.refused(login, one.operation, one.known))
        }


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    platform = PlatformCopy.make(tmp_path_factory.mktemp("permissions"))
    observer = Observer(platform.state)
    run(platform, "deploy")
    observer.look()
    # The owner is a tag of everything, and a setting is in every stack's resources.
    platform.change("environments/sandbox.yaml", "owner: ml-platform", "owner: somebody-else")
    platform.change("environments/sandbox.yaml", 'model/rounds: "100"', 'model/rounds: "101"')
    run(platform, "deploy")
    observer.look()
    run(platform, "destroy")
    resources = [one.resource for one in observer.known]
    return History(
        done=observer.done(), known=observer.known, logins=logins_of(resources), account=AwsAccount(resources)
    )


def run(platform: PlatformCopy, command: str) -> None:
    answer = platform.run(command, "--yes", "--json")
    assert answer.code == 0, f"{answer.stdout}\n{answer.stderr}"


def test_the_history_has_every_operation_of_every_stack(history: History) -> None:
    found = {(one.known.stack, one.operation) for one in history.done}
    stacks = LATER | {"identity"}
    assert found == {(stack, operation) for stack in stacks for operation in ("create", "update", "delete")}
    assert len(history.done) > 500


def test_the_deploy_login_may_do_all_that_the_later_stacks_do(history: History) -> None:
    assert history.all_refused("gha-deploy", LATER) == {}


def test_the_deploy_login_may_read_what_it_deploys(history: History) -> None:
    refused = [
        sentence
        for known in history.known
        if known.stack in LATER
        for sentence in history.refused("gha-deploy", "read", known)
    ]
    assert refused == []


def test_the_identity_login_may_do_all_but_what_is_left_to_a_person(history: History) -> None:
    refused = history.all_refused("gha-identity", {"identity"})
    assert {key: text for key, text in refused.items() if key not in BY_A_PERSON} == {}
    assert set(refused) == set(BY_A_PERSON), "an exception that nothing needs goes"


def test_a_preview_may_read_all_but_what_is_listed(history: History) -> None:
    refused = {
        (known.resource.token, sentence)
        for known in history.known
        for sentence in history.refused("gha-preview", "read", known)
    }
    assert [one for one in refused if not list(explanations(*one))] == []
    assert {key for one in refused for key in explanations(*one)} == set(NOT_READ_BY_PREVIEWS)


def explanations(token: str, sentence: str) -> Iterator[tuple[str, str]]:
    return (key for key in NOT_READ_BY_PREVIEWS if key[0] == token and f"{key[1]} on " in sentence)


def test_a_preview_may_do_none_of_it(history: History) -> None:
    """What calls nothing is allowed to everybody: it is left out."""
    allowed = [
        (one.operation, one.known.resource.token, one.known.name)
        for one in history.done
        if not history.refused("gha-preview", one.operation, one.known)
        and (one.operation, one.known.resource.token) not in CALLS_NOTHING
    ]
    assert allowed == []


def test_no_login_may_change_the_logins_but_the_one_for_them(history: History) -> None:
    logins = [
        one
        for one in history.done
        if one.known.stack == "identity" and one.operation != "create" and one.known.name.startswith("gha-")
    ]
    assert len(logins) > 10
    assert [one.known.name for one in logins if not history.refused("gha-deploy", one.operation, one.known)] == []


def test_every_action_of_a_role_that_we_define_is_used_or_explained(history: History) -> None:
    asked = {
        request.action.lower()
        for known in history.known
        for operation in OPERATIONS
        if known.resource.token.startswith(AZURE)
        for request in azure_requests(operation, known.resource)
    }
    defined = {one.name: one.actions for one in OWN_ROLES}
    named = {one.name for one in history.known if one.resource.token == _DEFINITION} - {"endpoint-scorer"}
    unused = {(name, action) for name in named for action in defined[name] if action.lower() not in asked}
    assert unused == set()
