"""A model behind the endpoint from the first day, where the environment names one."""

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_azure_native import machinelearningservices

from shared.components.role_assignments import RoleAssignments
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.environment.machine_learning import Deployment
from shared.tags import tags
from stacks.ml_workspace.asset_reference import asset_id

NAME: Final = "blue"


def online_deployment(
    env: Environment,
    identity: IdentityOutputs,
    workspace: machinelearningservices.Workspace,
    endpoint: machinelearningservices.OnlineEndpoint,
    access: RoleAssignments,
) -> machinelearningservices.OnlineDeployment | None:
    """Return the deployment, or None where the environment names no model.

    It acts as the endpoint's identity, whose roles must be there first: the service pulls the image with them, and
    fails with BadArgument where it may not. It gets no traffic until a release says so. Where the workspace has a
    managed network, that network is its way out, and egress_public_network_access stays at the service's own value.
    """
    wanted = env.ml_workspace.deployment
    if wanted is None:
        return None
    return machinelearningservices.OnlineDeployment(
        NAME,
        deployment_name=NAME,
        endpoint_name=endpoint.name,
        workspace_name=workspace.name,
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        kind="Managed",
        sku=machinelearningservices.SkuArgs(name="Default", capacity=wanted.instance_count),
        properties=machinelearningservices.ManagedOnlineDeploymentArgs(
            endpoint_compute_type="Managed",
            instance_type=wanted.instance_type,
            model=asset_id(wanted.model, kind="models", workspace_id=workspace.id),
            environment_id=asset_id(wanted.environment, kind="environments", workspace_id=workspace.id),
            code_configuration=_code(wanted, workspace.id),
            environment_variables=_variables(env.ml_workspace.settings, identity),
            app_insights_enabled=True,
            liveness_probe=_probe(),
            readiness_probe=_probe(),
            scale_settings=machinelearningservices.DefaultScaleSettingsArgs(scale_type="Default"),
        ),
        tags=tags(env, "ml_workspace"),
        # The name is fixed, so a new one cannot stand beside the old one.
        opts=pulumi.ResourceOptions(depends_on=[access], delete_before_replace=True),
    )


def _probe() -> machinelearningservices.ProbeSettingsArgs:
    # A model is loaded before its container answers: it has five minutes.
    return machinelearningservices.ProbeSettingsArgs(
        initial_delay="PT10S", period="PT10S", timeout="PT2S", success_threshold=1, failure_threshold=30
    )


def _code(wanted: Deployment, workspace_id: pulumi.Output[str]) -> machinelearningservices.CodeConfigurationArgs | None:
    if wanted.code is None or wanted.scoring_script is None:
        return None
    return machinelearningservices.CodeConfigurationArgs(
        code_id=asset_id(wanted.code, kind="codes", workspace_id=workspace_id), scoring_script=wanted.scoring_script
    )


def _variables(settings: Mapping[str, str], identity: IdentityOutputs) -> dict[str, pulumi.Input[str]]:
    """Return what the model's container is told: which identity is its own, and the settings of the environment.

    App Configuration is no target that a managed network can have a private endpoint to (Microsoft, "Workspace managed
    virtual network isolation"): settings arrive with the deployment.
    """
    told: dict[str, pulumi.Input[str]] = {"AZURE_CLIENT_ID": identity.identity_client_ids["endpoint"]}
    return {**told, **{variable_name(key): value for key, value in settings.items()}}


def variable_name(key: str) -> str:
    """Return a setting's key as an environment variable: MODEL__LEARNING_RATE for model/learning-rate."""
    return key.upper().replace("/", "__").replace("-", "_")
