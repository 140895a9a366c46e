"""What `identity` publishes: who exists."""

import dataclasses
from collections.abc import Mapping

from pulumi import Output

from shared.contracts.stack_outputs import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class IdentityOutputs(StackOutputs, stack="identity"):
    """Principals of the platform on Azure, Entra and AWS."""

    tenant_id: Output[str] = output("The Entra tenant that every principal lives in.")
    resource_group_name: Output[str] = output("The resource group of the whole environment.")
    resource_group_id: Output[str] = output("ARM id of that resource group.")
    managed_identity_id: Output[str] = output("ARM id of the training compute's identity.")
    identity_ids: Mapping[str, Output[str]] = output(
        "ARM ids of the identities: cmk, workspace, compute, endpoint, watcher."
    )
    identity_client_ids: Mapping[str, Output[str]] = output("Client ids of the same identities.")
    principals: Mapping[str, Output[str]] = output("Principal (object) ids of the same identities.")
    groups: Mapping[str, Output[str]] = output("Object ids: ml_admins, data_scientists, scoring_clients.")
    app_client_id: Output[str] = output("Client id of the AI system's Entra application.")
    app_object_id: Output[str] = output("Object id of that application.")
    app_service_principal: Output[str] = output("Object id of that application's service principal.")
    github_client_ids: Mapping[str, Output[str]] = output("Client ids of GitHub Actions: preview, deploy, identity.")
    aws_role_arns: Mapping[str, Output[str]] = output("AWS roles GitHub Actions assumes: preview, deploy, identity.")
    aws_permissions_boundary_arn: Output[str] = output("The boundary that every AWS role of the platform must carry.")
