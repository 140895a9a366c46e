"""What data scientists and applications use: Azure Machine Learning, its endpoint and its configuration."""

import pulumi

from shared.components.diagnostics import DiagnosticLogs
from shared.contracts import (
    IdentityOutputs,
    KeyVaultOutputs,
    MlWorkspaceOutputs,
    NetworkStorageOutputs,
    SagemakerOutputs,
)
from shared.environment import Environment
from stacks.ml_workspace.access import grant_workspace_access
from stacks.ml_workspace.clusters import clusters
from stacks.ml_workspace.configuration import configuration_store
from stacks.ml_workspace.configuration_values import configuration_values
from stacks.ml_workspace.datastore import training_datastore
from stacks.ml_workspace.endpoints import private_endpoints
from stacks.ml_workspace.insights import application_insights
from stacks.ml_workspace.online_deployment import online_deployment
from stacks.ml_workspace.online_endpoint import online_endpoint
from stacks.ml_workspace.registry import container_registry
from stacks.ml_workspace.replicas import configuration_replicas
from stacks.ml_workspace.workspace import Associated, ml_workspace


def program(
    env: Environment,
    identity: IdentityOutputs,
    key_vault: KeyVaultOutputs,
    network_storage: NetworkStorageOutputs,
    sagemaker: SagemakerOutputs,
) -> MlWorkspaceOutputs:
    """The Azure Machine Learning workspace, its endpoint and its configuration."""
    insights, insights_access = application_insights(env, identity, key_vault)
    registry, registry_access = container_registry(env, identity)

    associated = Associated(insights=insights, registry=registry, after=[insights_access, registry_access])
    workspace = ml_workspace(env, identity, key_vault, network_storage, associated)
    access = grant_workspace_access(env, identity, workspace)

    compute = clusters(env, identity, network_storage, workspace, access)
    datastore = training_datastore(identity, network_storage, workspace)
    endpoint = online_endpoint(env, identity, workspace, access)
    deployment = online_deployment(env, identity, workspace, endpoint, access)

    store = configuration_store(env, identity)
    replicas = configuration_replicas(env, identity, store)
    configuration_values(env, identity, key_vault, sagemaker, store)

    if env.private_endpoints:
        private_endpoints(
            env,
            identity,
            network_storage,
            workspace=workspace,
            registry=registry,
            store=store,
            replicas=replicas.values(),
        )
    DiagnosticLogs("workspace", resource_id=workspace.id, log_analytics_id=key_vault.log_analytics_id, logs="allLogs")
    DiagnosticLogs("registry", resource_id=registry.id, log_analytics_id=key_vault.log_analytics_id)
    DiagnosticLogs("configuration", resource_id=store.id, log_analytics_id=key_vault.log_analytics_id)

    return MlWorkspaceOutputs(
        ml_workspace_name=workspace.name,
        ml_workspace_id=workspace.id,
        ml_workspace_guid=workspace.workspace_id,
        mlflow_tracking_uri=workspace.ml_flow_tracking_uri,
        online_endpoint_name=endpoint.name,
        online_endpoint_scoring_uri=endpoint.properties.scoring_uri,
        online_deployment_name=deployment.name if deployment else pulumi.Output.from_input(None),
        configuration_service_name=store.name,
        configuration_service_endpoint=store.endpoint,
        configuration_replica_endpoints={region: replica.endpoint for region, replica in replicas.items()},
        container_registry_login_server=registry.login_server,
        datastore_name=datastore.name,
        compute_names={name: cluster.name for name, cluster in compute.items()},
    )
