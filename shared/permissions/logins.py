"""What the logins of GitHub Actions were granted in a deployment, and which operations that does not cover."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from shared.permissions import aws_requests, azure_requests, graph_permissions
from shared.permissions.aws_policy import PolicyStatement, aws_allows, statements_of
from shared.permissions.aws_requests import AwsAccount
from shared.permissions.azure_access import Assignment, azure_allows
from shared.permissions.azure_roles import BUILT_IN, RoleDefinition, custom_role
from shared.permissions.errors import UnknownGrantError
from shared.permissions.made_resource import MadeResource

Operation = Literal["create", "update", "delete", "read"]
LOGINS: Final = ("gha-preview", "gha-deploy", "gha-identity")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Login:
    """One login.

    name: gha-preview, gha-deploy or gha-identity; object_id: of its service principal; graph: its permissions of
    Microsoft Graph; everything: the deployment that it is part of.
    """

    name: str
    object_id: str
    azure: tuple[Assignment, ...]
    aws: tuple[PolicyStatement, ...]
    graph: frozenset[str]
    everything: Sequence[MadeResource]

    def refusals(self, operation: Operation, resource: MadeResource, account: AwsAccount) -> Iterator[str]:
        """Yield a sentence for each thing that the operation asks and the login may not do. Raises UnknownTypeError."""
        for what in self._refused(operation, resource, account):
            yield f"{self.name} may not {operation} {resource.token} {resource.id}: {what}"

    def _refused(self, operation: Operation, resource: MadeResource, account: AwsAccount) -> Iterator[str]:
        if resource.token.startswith(aws_requests.PREFIX):
            for call in account.requests(operation, resource):
                if not aws_allows(self.aws, call):
                    yield f"{call.action} on {call.resource} is not allowed"
        elif resource.token.startswith(azure_requests.PREFIX):
            for request in azure_requests.azure_requests(operation, resource):
                if not azure_allows(self.azure, request):
                    data = "the data action " if request.data else ""
                    yield f"{data}{request.action} on {request.scope} is not allowed"
        else:
            yield from graph_permissions.graph_refusals(
                operation, resource, granted=self.graph, login=self.object_id, everything=self.everything
            )


def logins_of(resources: Sequence[MadeResource]) -> dict[str, Login]:
    """Return the logins of a deployment by name, with all that its resources grant them."""
    return {name: _login(resources, name) for name in LOGINS}


def _login(resources: Sequence[MadeResource], name: str) -> Login:
    object_id = _principal(resources, name)
    return Login(
        name=name,
        object_id=object_id,
        azure=tuple(_assignments(resources, object_id)),
        aws=tuple(_statements(resources, name)),
        graph=graph_permissions.granted_to(object_id, resources),
        everything=resources,
    )


def _principal(resources: Iterable[MadeResource], login: str) -> str:
    """Return the object id of the login's service principal."""
    clients = {
        one.outputs["clientId"]
        for one in _of_type(resources, graph_permissions.APPLICATION)
        if f"-{login}-" in one.inputs["displayName"]
    }
    (principal,) = (
        one for one in _of_type(resources, graph_permissions.PRINCIPAL) if one.inputs["clientId"] in clients
    )
    return str(principal.outputs["objectId"])


def _assignments(resources: Sequence[MadeResource], principal: str) -> Iterator[Assignment]:
    own = {
        one.id.rpartition("/")[2].lower(): custom_role(one.inputs)
        for one in _of_type(resources, "azure-native:authorization:RoleDefinition")
    }
    for one in _of_type(resources, "azure-native:authorization:RoleAssignment"):
        if one.inputs["principalId"] == principal:
            guid = str(one.inputs["roleDefinitionId"]).rpartition("/")[2].lower()
            yield Assignment(
                role=_role(own, guid), scope=str(one.inputs["scope"]), condition=one.inputs.get("condition")
            )


def _role(own: dict[str, RoleDefinition], guid: str) -> RoleDefinition:
    role = own.get(guid) or BUILT_IN.get(guid)
    if role is None:
        raise UnknownGrantError(where="a login's role assignment", what=f"the role {guid}")
    return role


def _statements(resources: Sequence[MadeResource], login: str) -> Iterator[PolicyStatement]:
    for one in _of_type(resources, "aws:iam/rolePolicy:RolePolicy"):
        if f"-{login}-" in one.inputs["role"]:
            yield from statements_of(one.inputs["policy"])


def _of_type(resources: Iterable[MadeResource], token: str) -> Iterator[MadeResource]:
    return (one for one in resources if one.token == token)
