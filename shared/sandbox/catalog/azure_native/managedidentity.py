"""Microsoft.ManagedIdentity."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import is_list

_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
_CREDENTIAL = "managedidentity:FederatedIdentityCredential"
_MOST_CREDENTIALS = 20


def _check_credential(request: Request) -> None:
    """Raise CloudError where Entra would refuse the credential (Microsoft's "Workload identity federation" limits)."""
    audiences = request.inputs.get("audiences")
    if not is_list(audiences) or len(audiences) != 1:
        raise CloudError("BadRequest", "A federated identity credential must have exactly one audience.")
    owner = request.id.rpartition("/federatedIdentityCredentials/")[0].lower()
    siblings = [
        record
        for record in request.existing.of_type(f"azure-native:{_CREDENTIAL}")
        if record.id.lower().startswith(f"{owner}/") and record.id.lower() != request.id.lower()
    ]
    if len(siblings) >= _MOST_CREDENTIALS:
        raise CloudError("BadRequest", f"Too many federated identity credentials: {_MOST_CREDENTIALS} at most.")
    said = [request.inputs.get(key) for key in ("issuer", "subject")]
    if any([record.inputs.get(key) for key in ("issuer", "subject")] == said for record in siblings):
        raise CloudError("Conflict", "Issuer and subject combination already exists for this Managed Identity.")


MODELS = (
    arm(
        "managedidentity:UserAssignedIdentity",
        _IDENTITY,
        api_version="2023-01-31",
        properties="location tags",
        required="location",
        name=NameRule(property="resourceName", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}"),
        standard="systemData",
        outputs=lambda request: {
            "clientId": request.guid("client"),
            "principalId": request.guid("principal"),
            "tenantId": request.cloud.tenant_id,
        },
        replace_on="location",
    ),
    arm(
        _CREDENTIAL,
        f"{_IDENTITY}/federatedIdentityCredentials/{{federatedIdentityCredentialResourceName}}",
        api_version="2023-01-31",
        properties="audiences issuer subject",
        required="audiences issuer subject",
        name=NameRule(property="federatedIdentityCredentialResourceName", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}"),
        check=_check_credential,
        standard="systemData",
    ),
)
