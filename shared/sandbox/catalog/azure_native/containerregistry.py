"""Microsoft.ContainerRegistry."""

from shared.sandbox.catalog.azure_native.arm import arm, globally
from shared.sandbox.catalog.azure_native.computed import created_text, extended, location, with_defaults
from shared.sandbox.catalog.azure_native.references import at, before
from shared.sandbox.catalog.azure_native.vault_keys import check_key, current_version
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_mapping

_SKUS = ("Basic", "Standard", "Premium")


def _check(request: Request) -> None:
    sku = at(request.inputs, "sku.name")
    if sku not in _SKUS:
        raise CloudError("UnsupportedSku", f"sku.name is one of {', '.join(_SKUS)}, not '{sku}'.")
    for feature in _premium_features(request) if sku != "Premium" else []:
        raise CloudError("SkuNotSupported", f"The feature {feature} needs a registry of the Premium SKU, not {sku}.")
    old = before(request)
    if old and old.outputs.get("zoneRedundancy") != request.text("zoneRedundancy", "Disabled"):
        raise CloudError("ZoneRedundancyCannotBeUpdated", "zoneRedundancy of a registry is fixed at creation.")
    key = at(request.inputs, "encryption.keyVaultProperties.keyIdentifier")
    if key:
        check_key(request, str(key), at(request.inputs, "encryption.keyVaultProperties.identity"))


def _premium_features(request: Request) -> list[str]:
    """Return the features asked for that only Premium has ("Azure Container Registry service tiers")."""
    asked = {
        "publicNetworkAccess Disabled": request.text("publicNetworkAccess") == "Disabled",
        "zoneRedundancy": request.text("zoneRedundancy") == "Enabled",
        "dataEndpointEnabled": request.inputs.get("dataEndpointEnabled") is True,
        "encryption": at(request.inputs, "encryption.status") == "enabled",
        "networkRuleSet": at(request.inputs, "networkRuleSet.defaultAction") == "Deny",
        "retentionPolicy": at(request.inputs, "policies.retentionPolicy.status") == "enabled",
        "exportPolicy": at(request.inputs, "policies.exportPolicy.status") == "disabled",
        "trustPolicy": at(request.inputs, "policies.trustPolicy.status") == "enabled",
    }
    return [feature for feature, wanted in asked.items() if wanted]


def _outputs(request: Request) -> Properties:
    name, when = request.text("registryName").lower(), created_text(request)
    own_hosts = request.inputs.get("dataEndpointEnabled") is True
    shown = {
        "adminUserEnabled": request.inputs.get("adminUserEnabled", False),
        "anonymousPullEnabled": request.inputs.get("anonymousPullEnabled", False),
        "creationDate": when,
        "dataEndpointEnabled": request.inputs.get("dataEndpointEnabled", False),
        "dataEndpointHostNames": [f"{name}.{location(request)}.data.azurecr.io"] if own_hosts else [],
        "loginServer": f"{name}.azurecr.io",
        "networkRuleBypassOptions": request.text("networkRuleBypassOptions", "AzureServices"),
        "policies": _policies(request.inputs.get("policies"), when),
        "publicNetworkAccess": request.text("publicNetworkAccess", "Enabled"),
        "sku": extended(request.inputs.get("sku"), tier=at(request.inputs, "sku.name")),
        "status": {"displayStatus": "Ready", "message": "The registry is ready for use.", "timestamp": when},
        "zoneRedundancy": request.text("zoneRedundancy", "Disabled"),
    }
    return {**shown, **_encryption(request, when)}


def _policies(said: Json, when: str) -> Json:
    if said is not None and not is_mapping(said):
        return said
    known = said or {}
    off = {"status": "disabled"}
    return {
        "azureADAuthenticationAsArmPolicy": {"status": "enabled"},
        "exportPolicy": {"status": "enabled"},
        "quarantinePolicy": off,
        "trustPolicy": {"type": "Notary", **off},
        **known,
        "retentionPolicy": extended(with_defaults(known.get("retentionPolicy"), days=7, **off), lastUpdatedTime=when),
        "softDeletePolicy": extended(
            with_defaults(known.get("softDeletePolicy"), retentionDays=7, **off), lastUpdatedTime=when
        ),
    }


def _encryption(request: Request, when: str) -> Properties:
    said = with_defaults(request.inputs.get("encryption"), status="disabled")
    key = at(said, "keyVaultProperties")
    if is_mapping(key):
        computed = {
            "keyRotationEnabled": True,
            "lastKeyRotationTimestamp": when,
            "versionedKeyIdentifier": current_version(request, str(key.get("keyIdentifier"))),
        }
        said = extended(said, keyVaultProperties={**key, **computed})
    return {"encryption": said}


MODELS = (
    arm(
        "containerregistry:Registry",
        "Microsoft.ContainerRegistry/registries/{registryName}",
        api_version="2023-01-01-preview",
        properties="sku adminUserEnabled anonymousPullEnabled dataEndpointEnabled encryption identity location"
        " networkRuleBypassOptions networkRuleSet policies publicNetworkAccess tags zoneRedundancy",
        required="sku location",
        name=NameRule(property="registryName", pattern=r"[a-zA-Z0-9]{5,50}", code="InvalidParameter"),
        unique=globally("container registry", "registryName"),
        taken_code="AlreadyInUse",
        exists_code="AlreadyInUse",
        check=_check,
        standard="provisioningState privateEndpointConnections systemData",
        outputs=_outputs,
        replace_on="location",
    ),
)
