"""What `ml_workspace` publishes: what data scientists and applications use."""

import dataclasses
from collections.abc import Mapping

from pulumi import Output

from shared.contracts.stack_outputs import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class MlWorkspaceOutputs(StackOutputs, stack="ml_workspace"):
    """The Azure Machine Learning workspace, its endpoint and its configuration."""

    ml_workspace_name: Output[str] = output("Name of the Azure Machine Learning workspace.")
    ml_workspace_id: Output[str] = output("ARM id of the workspace.")
    ml_workspace_guid: Output[str] = output("The service's own id of the workspace.")
    mlflow_tracking_uri: Output[str] = output("Where MLflow sends experiments.")
    online_endpoint_name: Output[str] = output("Name of the online endpoint.")
    online_endpoint_scoring_uri: Output[str] = output("Where the endpoint answers, with an Entra token.")
    online_deployment_name: Output[str | None] = output("Deployment that this stack made, if it made one.")
    configuration_service_name: Output[str] = output("Name of the App Configuration store.")
    configuration_service_endpoint: Output[str] = output("Endpoint of that store.")
    configuration_replica_endpoints: Mapping[str, Output[str]] = output("Endpoints of its replicas, by region.")
    container_registry_login_server: Output[str] = output("Login server of the container registry.")
    datastore_name: Output[str] = output("Datastore of the training data, without credentials.")
    compute_names: Mapping[str, Output[str]] = output("Names of the compute clusters: training, image_build.")
