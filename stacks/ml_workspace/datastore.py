"""The training data as the workspace sees it: a container, and no credentials."""

from pulumi_azure_native import machinelearningservices

from shared.contracts import IdentityOutputs, NetworkStorageOutputs


def training_datastore(
    identity: IdentityOutputs, network_storage: NetworkStorageOutputs, workspace: machinelearningservices.Workspace
) -> machinelearningservices.Datastore:
    """Return the datastore. Jobs read it as the compute's identity, the service as the workspace's."""
    return machinelearningservices.Datastore(
        "training-data",
        name="training_data",
        workspace_name=workspace.name,
        resource_group_name=identity.resource_group_name,
        properties=machinelearningservices.AzureBlobDatastoreArgs(
            datastore_type="AzureBlob",
            description="Training data, read with Entra identities.",
            account_name=network_storage.storage_account_name,
            container_name=network_storage.container_names["training_data"],
            endpoint="core.windows.net",
            protocol="https",
            credentials=machinelearningservices.NoneDatastoreCredentialsArgs(credentials_type="None"),
            service_data_access_auth_identity="WorkspaceUserAssignedIdentity",
        ),
    )
