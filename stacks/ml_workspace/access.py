"""Who may do what in the workspace."""

from pulumi_azure_native import machinelearningservices

from shared.components import azure_role as role
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs
from shared.environment import Environment


def grant_workspace_access(
    env: Environment, identity: IdentityOutputs, workspace: machinelearningservices.Workspace
) -> RoleAssignments:
    """Grant roles on the workspace. Compute and endpoints come after them: they act with these roles at once."""
    return RoleAssignments(
        "workspace",
        environment=env,
        scope=workspace.id,
        grants=[
            Grant.to_identity(identity, "workspace", role.CONTRIBUTOR),
            Grant.to_identity(identity, "endpoint", role.ML_METRICS_WRITER, role.ML_CONNECTION_SECRETS_READER),
            Grant.to_group(identity, "data_scientists", role.ML_DATA_SCIENTIST),
            Grant.to_group(identity, "ml_admins", role.ML_COMPUTE_OPERATOR),
        ],
    )
