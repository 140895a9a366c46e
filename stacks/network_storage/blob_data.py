"""What is kept in the account, for how long, and how a deletion is undone."""

import dataclasses

import pulumi
from pulumi_azure_native import storage

from shared.contracts import IdentityOutputs
from shared.environment import Environment

CONTAINERS = ("training_data", "models", "evaluation")
# Azure ML studio adds these itself; left out, they would show as drift.
STUDIO_ORIGINS = (
    "https://mlworkspace.azure.ai",
    "https://ml.azure.com",
    "https://*.ml.azure.com",
    "https://ai.azure.com",
    "https://*.ai.azure.com",
)
STUDIO_METHODS = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH")
_COOL_AFTER_DAYS = 30
_OLD_VERSIONS_DAYS = 90


@dataclasses.dataclass(frozen=True, kw_only=True)
class BlobData:
    """The account's blob service and its containers, by training_data, models and evaluation."""

    service: storage.BlobServiceProperties
    containers: dict[str, storage.BlobContainer]


def blob_data(env: Environment, identity: IdentityOutputs, account: storage.StorageAccount) -> BlobData:
    """Return containers whose blobs keep their versions and can be recovered."""
    recoverable = storage.DeleteRetentionPolicyArgs(enabled=True, days=env.storage.retention_days)
    service = storage.BlobServiceProperties(
        "blobs",
        blob_services_name="default",
        account_name=account.name,
        resource_group_name=identity.resource_group_name,
        is_versioning_enabled=True,
        change_feed=storage.ChangeFeedArgs(enabled=True),
        delete_retention_policy=recoverable,
        container_delete_retention_policy=recoverable,
        cors=storage.CorsRulesArgs(cors_rules=[_studio()]),
    )
    # Azure refuses rules about versions before versioning is on.
    after = pulumi.ResourceOptions(depends_on=[service])
    storage.ManagementPolicy(
        "lifecycle",
        management_policy_name="default",
        account_name=account.name,
        resource_group_name=identity.resource_group_name,
        policy=storage.ManagementPolicySchemaArgs(rules=[_lifecycle()]),
        opts=after,
    )
    containers = {
        name: storage.BlobContainer(
            name.replace("_", "-"),
            container_name=name.replace("_", "-"),
            account_name=account.name,
            resource_group_name=identity.resource_group_name,
            public_access=storage.PublicAccess.NONE,
            opts=pulumi.ResourceOptions(depends_on=[service], protect=env.protection.deletion),
        )
        for name in CONTAINERS
    }
    return BlobData(service=service, containers=containers)


def _studio() -> storage.CorsRuleArgs:
    return storage.CorsRuleArgs(
        allowed_origins=list(STUDIO_ORIGINS),
        allowed_methods=list(STUDIO_METHODS),
        allowed_headers=["*"],
        exposed_headers=["*"],
        max_age_in_seconds=1800,
    )


def _lifecycle() -> storage.ManagementPolicyRuleArgs:
    cool = storage.DateAfterModificationArgs(days_after_modification_greater_than=_COOL_AFTER_DAYS)
    old = storage.DateAfterCreationArgs(days_after_creation_greater_than=_OLD_VERSIONS_DAYS)
    return storage.ManagementPolicyRuleArgs(
        name="cool-then-forget-old-versions",
        type="Lifecycle",
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            actions=storage.ManagementPolicyActionArgs(
                base_blob=storage.ManagementPolicyBaseBlobArgs(tier_to_cool=cool),
                version=storage.ManagementPolicyVersionArgs(delete=old),
            ),
            filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"]),
        ),
    )
