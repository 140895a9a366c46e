"""Who may do what with the data."""

from collections.abc import Mapping

from pulumi_azure_native import storage

from shared.components import azure_role as role
from shared.components.private_endpoint import PrivateEndpoint
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs
from shared.environment import Environment


def grant_access(
    env: Environment,
    identity: IdentityOutputs,
    account: storage.StorageAccount,
    endpoints: Mapping[str, PrivateEndpoint],
) -> None:
    """Grant roles on the account and, as Azure ML asks for its own identity, on the account's private endpoints."""
    data = (role.BLOB_DATA_CONTRIBUTOR, role.FILE_DATA_CONTRIBUTOR)
    RoleAssignments(
        "storage",
        environment=env,
        scope=account.id,
        grants=[
            Grant.to_identity(identity, "workspace", role.CONTRIBUTOR, *data, *role.approver(env)),
            Grant.to_identity(identity, "compute", role.BLOB_DATA_CONTRIBUTOR),
            Grant.to_identity(identity, "endpoint", role.BLOB_DATA_READER),
            Grant.to_group(identity, "data_scientists", *data),
        ],
    )
    for purpose in ("blob", "file"):
        if purpose in endpoints:
            RoleAssignments(
                f"{purpose}-endpoint",
                environment=env,
                scope=endpoints[purpose].endpoint_id,
                grants=[Grant.to_identity(identity, "workspace", role.READER)],
            )
