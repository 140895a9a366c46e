"""The simulated Azure against the SDK that programs use: same inputs, outputs of the same shape, honest previews."""

from pathlib import Path

import pytest

from shared.sandbox.catalog.azure_native import AZURE_NATIVE
from shared.sandbox.wire import UNKNOWN, Json, Secret, is_list, is_mapping
from tests.sandbox.azure_platform import REGION, STEPS, Made, build
from tests.sandbox.sdk_shape import input_problems, output_problems, shape_of, type_problems
from tests.sandbox.simulated_cloud import SimulatedCloud, simulated_cloud

# Outputs that the SDK declares as always there, and that Azure leaves out of its answers.
ABSENT = {
    "authorization:RoleDefinition": {"permissions[0].condition", "permissions[0].conditionVersion"},
    "network:PublicIPAddress": {"ipConfiguration"},  # until something uses the address
    "storage:StorageAccount": {
        "blobRestoreStatus",  # only when asked for
        "customDomain",
        "geoReplicationStats",  # only when asked for
        "lastGeoFailoverTime",
        "secondaryEndpoints",  # only with read access
    },
    "storage:BlobContainer": {"deletedTime", "immutabilityPolicy", "leaseDuration", "version"},
    "applicationinsights:Component": {"hockeyAppToken"},
}
# A user-assigned identity has its principal in the map; only a system-assigned one has it here.
OF_SYSTEM_ASSIGNED = {"identity.principalId", "identity.tenantId"}

TYPES_OF_ANY = {
    "cluster": "AmlComputeResponse",
    "store": "AzureBlobDatastoreResponse",
    "deployment": "ManagedOnlineDeploymentResponse",
}

MODELS = list(AZURE_NATIVE.resources.values())


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.token)
def test_a_model_takes_exactly_the_inputs_of_the_sdk(model: Json) -> None:
    assert input_problems(model) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.token)
def test_every_model_is_in_the_platform_of_these_tests(model: Json) -> None:
    assert model.token in {f"azure-native:{kind}" for _, kind, _ in STEPS}


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_outputs_have_the_shape_of_the_sdk(made: Made, name: str) -> None:
    resource = made[name]
    absent = ABSENT.get(resource.token.removeprefix("azure-native:"), set()) | OF_SYSTEM_ASSIGNED
    assert output_problems(resource.token, resource.outputs, absent) == []


@pytest.mark.parametrize(("name", "kind"), TYPES_OF_ANY.items())
def test_outputs_that_the_sdk_leaves_open_have_the_shape_of_their_type(made: Made, name: str, kind: str) -> None:
    assert type_problems(made[name].token, kind, made[name].outputs["properties"]) == []


def test_outbound_rules_of_a_workspace_have_the_shape_of_their_type(made: Made) -> None:
    rule = made["workspace"].outputs["managedNetwork"]["outboundRules"]["queue"]
    assert type_problems(made["workspace"].token, "PrivateEndpointOutboundRuleResponse", rule) == []


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_the_api_version_is_that_of_the_sdk(made: Made, name: str) -> None:
    assert made[name].outputs["azureApiVersion"] == shape_of(made[name].token).api_version


def contradictions(path: str, shown: Json, real: Json) -> list[str]:
    """Return where a preview says something else than what came; an unknown contradicts nothing."""
    shown = shown.value if isinstance(shown, Secret) else shown
    real = real.value if isinstance(real, Secret) else real
    if shown in (UNKNOWN, real):
        return []
    if is_mapping(shown) and is_mapping(real):
        return [
            problem
            for key in {*shown, *real}
            for problem in contradictions(f"{path}.{key}", shown.get(key), real.get(key))
        ]
    if is_list(shown) and is_list(real) and len(shown) == len(real):
        return [problem for one, other in zip(shown, real, strict=True) for problem in contradictions(path, one, other)]
    return [f"{path}: {shown!r} in the preview, {real!r} after it"]


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kind, _ in STEPS])
def test_a_preview_in_an_empty_cloud_says_nothing_that_the_creation_contradicts(
    made: Made, tmp_path: Path, name: str, kind: str
) -> None:
    with simulated_cloud(tmp_path / "empty.sqlite") as empty:
        shown = empty.previewed(f"azure-native:{kind}", made[name].inputs)
    assert contradictions(name, shown, made[name].outputs) == []


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kind, _ in STEPS])
def test_a_preview_bears_inputs_that_are_not_known_yet(cloud: SimulatedCloud, made: Made, name: str, kind: str) -> None:
    for key in made[name].inputs:
        shown = cloud.previewed(f"azure-native:{kind}", made[name].inputs | {key: UNKNOWN})
        assert contradictions(name, shown, made[name].outputs) == [], key


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_a_resource_reads_back_as_it_was_made(cloud: SimulatedCloud, made: Made, name: str) -> None:
    assert cloud.read(made[name]) == made[name].outputs


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_an_update_without_a_change_changes_nothing(cloud: SimulatedCloud, made: Made, name: str) -> None:
    assert cloud.update(made[name]).outputs == made[name].outputs


def test_places_have_their_normal_form(made: Made) -> None:
    assert made["group"].outputs["location"] == REGION


def test_a_user_assigned_identity_comes_back_as_a_map(made: Made) -> None:
    identity = made["identity"]
    assert made["account"].outputs["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": {
            identity.id: {key: identity.outputs[key] for key in ("clientId", "principalId")},
        },
    }


def test_addresses_come_from_the_name(made: Made) -> None:
    assert made["account"].outputs["primaryEndpoints"]["blob"] == "https://stplatform.blob.core.windows.net/"
    assert made["vault"].outputs["properties"]["vaultUri"] == "https://kv-platform.vault.azure.net/"
    assert made["registry"].outputs["loginServer"] == "crplatform.azurecr.io"
    assert made["settings"].outputs["endpoint"] == "https://appcs-platform.azconfig.io"
    assert made["online"].outputs["properties"]["scoringUri"] == (
        "https://mlep-platform.westeurope.inference.ml.azure.com/score"
    )


def test_a_key_is_addressed_with_and_without_its_version(made: Made) -> None:
    uri = made["key"].outputs["keyUri"]
    assert uri == "https://kv-platform.vault.azure.net/keys/cmk"
    assert made["key"].outputs["keyUriWithVersion"].startswith(f"{uri}/")
    shown = made["account"].outputs["encryption"]["keyVaultProperties"]["currentVersionedKeyIdentifier"]
    assert shown == made["key"].outputs["keyUriWithVersion"]


def test_a_private_endpoint_has_an_address_of_its_subnet_and_a_record_in_its_zone(made: Made) -> None:
    config = made["endpoint"].outputs["customDnsConfigs"][0]
    assert config == {"fqdn": "stplatform.blob.core.windows.net", "ipAddresses": ["10.0.0.4"]}
    record = made["names"].outputs["privateDnsZoneConfigs"][0]["recordSets"][0]
    assert record["fqdn"] == "stplatform.privatelink.blob.core.windows.net"
    assert record["ipAddresses"] == ["10.0.0.4"]


def test_a_key_value_is_split_into_key_and_label(made: Made) -> None:
    assert made["flag"].outputs["key"] == ".appconfig.featureflag/drift"
    assert made["flag"].outputs["label"] == "prod"


def test_the_inventory_holds_hashes_of_secrets(cloud: SimulatedCloud, made: Made) -> None:
    text = repr(cloud.inventory.all())
    assert "sha256:" in text
    assert "hunter2" not in text
    assert "value" not in made["secret"].outputs["properties"]
