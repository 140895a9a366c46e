"""Microsoft.ManagedIdentity."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.model import NameRule

MODELS = (
    arm(
        "managedidentity:UserAssignedIdentity",
        "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
        api_version="2024-11-30",
        properties="location tags isolationScope",
        required="location",
        name=NameRule(property="resourceName", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}"),
        outputs=lambda request: {
            "clientId": request.guid("client"),
            "principalId": request.guid("principal"),
            "tenantId": request.cloud.tenant_id,
            "systemData": {},
        },
        replace_on="location",
    ),
)
