"""What the simulated Azure's network keeps while it is in use, and what it refuses: as the real one does."""

from pathlib import Path

import pytest

from shared.sandbox.wire import Json, Properties
from tests.sandbox.azure_platform import GROUP, REGION, SUBSCRIPTION, Made, build
from tests.sandbox.simulated_cloud import RefusedError, SimulatedCloud, simulated_cloud

ANALYTICS = "networkWatcherFlowAnalyticsConfiguration"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


IN_USE = [
    ("firewall", "InUseNetworkSecurityGroupCannotBeDeleted", "subnet"),
    ("gateway", "InUseNatGatewayCannotBeDeleted", "subnet"),
    ("endpoint_policy", "ServiceEndpointPolicyCannotBeDeletedIfReferencedBySubnet", "subnet"),
    ("address", "PublicIPAddressCannotBeDeleted", "gateway"),
    ("subnet", "InUseSubnetCannotBeDeleted", "endpoint"),
    ("network", "InUseSubnetCannotBeDeleted", "endpoint"),
    ("zone", "CannotDeleteResource", "link"),
]


@pytest.mark.parametrize(("name", "error", "user"), IN_USE)
def test_what_is_in_use_is_not_deleted(cloud: SimulatedCloud, made: Made, name: str, error: str, user: str) -> None:
    before = cloud.inventory.all()
    with pytest.raises(RefusedError, match=error) as refused:
        cloud.delete(made[name])
    assert made[user].id in str(refused.value)
    assert cloud.inventory.all() == before


def test_what_nothing_uses_any_more_is_deleted(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        # The order of a destroy: users first.
        order = ["names", "endpoint", "link", "zone", "subnet", "network", "firewall", "gateway", "address"]
        for name in [*order, "endpoint_policy"]:
            cloud.delete(made[name])
            assert cloud.read(made[name]) is None


def _flow_log(made: Made, **changes: Json) -> Properties:
    return made["flow_log"].inputs | {"flowLogName": "flow-2"} | changes


def test_a_flow_log_belongs_to_the_watcher_that_azure_makes_with_a_network(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        assert made["flow_log"].id == (
            f"{SUBSCRIPTION}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers"
            f"/NetworkWatcher_{REGION}/flowLogs/flow-platform"
        )
        assert made["flow_log"].outputs["targetResourceGuid"] == made["network"].outputs["resourceGuid"]
        elsewhere = _flow_log(made, networkWatcherName="NetworkWatcher_northeurope")
        assert "ParentResourceNotFound" in cloud.refusal(made["flow_log"].token, elsewhere)
        in_our_group = _flow_log(made, resourceGroupName=GROUP)
        assert "ParentResourceNotFound" in cloud.refusal(made["flow_log"].token, in_our_group)


def test_security_groups_get_no_new_flow_logs(cloud: SimulatedCloud, made: Made) -> None:
    refusal = cloud.refusal(made["flow_log"].token, _flow_log(made, targetResourceId=made["firewall"].id))
    assert 'LinkedInvalidPropertyId" Message="targetResourceId' in refusal


def test_a_flow_log_goes_to_a_standard_account_in_its_region(cloud: SimulatedCloud, made: Made) -> None:
    for name, change in (("stnorth", {"location": "northeurope"}), ("stfast", {"sku": {"name": "Premium_LRS"}})):
        plain = {key: value for key, value in made["account"].inputs.items() if key not in ("encryption", "identity")}
        account = cloud.create(made["account"].token, plain | {"accountName": name} | change)
        assert "BadRequest" in cloud.refusal(made["flow_log"].token, _flow_log(made, storageId=account.id))


def test_traffic_analytics_needs_a_log_workspace_and_a_known_interval(cloud: SimulatedCloud, made: Made) -> None:
    for wrong in ({"trafficAnalyticsInterval": 5}, {"workspaceResourceId": made["account"].id}):
        analytics = {"enabled": True, "workspaceResourceId": made["logs"].id} | wrong
        changed = _flow_log(made, flowAnalyticsConfiguration={ANALYTICS: analytics})
        assert cloud.refusal(made["flow_log"].token, changed)


WRONG_DEFINITIONS = [
    {"name": "a", "service": "Microsoft.Sql", "serviceResources": []},
    {"name": "a", "service": "Microsoft.Storage", "serviceResources": ["/services/Azure/MachineLearning"]},
    {"name": "a", "service": "Global", "serviceResources": ["/services/Azure/Nothing"]},
    {"name": "a", "service": "Global", "serviceResources": [SUBSCRIPTION]},
    {"name": "a", "service": "Microsoft.Storage", "serviceResources": [SUBSCRIPTION] * 201},
]


@pytest.mark.parametrize("definition", WRONG_DEFINITIONS)
def test_a_service_endpoint_policy_names_storage_or_an_alias(
    cloud: SimulatedCloud, made: Made, definition: Properties
) -> None:
    inputs = made["endpoint_policy"].inputs | {"serviceEndpointPolicyName": "se-2"}
    refusal = cloud.refusal(made["endpoint_policy"].token, inputs | {"serviceEndpointPolicyDefinitions": [definition]})
    assert "InvalidRequestFormat" in refusal


def test_definitions_of_one_policy_have_different_names(cloud: SimulatedCloud, made: Made) -> None:
    one = {"name": "ours", "service": "Microsoft.Storage", "serviceResources": [SUBSCRIPTION]}
    inputs = made["endpoint_policy"].inputs | {"serviceEndpointPolicyName": "se-2"}
    refusal = cloud.refusal(made["endpoint_policy"].token, inputs | {"serviceEndpointPolicyDefinitions": [one, one]})
    assert "same name" in refusal


def test_a_policy_is_for_subnets_with_the_service_endpoint(cloud: SimulatedCloud, made: Made) -> None:
    inputs = made["subnet"].inputs | {"subnetName": "snet-2", "addressPrefix": "10.0.1.0/24", "delegations": []}
    for endpoints in ([], [{"service": "Microsoft.KeyVault"}]):
        refusal = cloud.refusal(made["subnet"].token, inputs | {"serviceEndpoints": endpoints})
        assert "needs that service endpoint" in refusal
    other = inputs | {"serviceEndpointPolicies": [{"id": made["firewall"].id}]}
    assert "LinkedInvalidPropertyId" in cloud.refusal(made["subnet"].token, other)


def test_an_account_admits_subnets_with_the_service_endpoint_only(cloud: SimulatedCloud, made: Made) -> None:
    plain = {"virtualNetworkName": "vnet-platform", "resourceGroupName": GROUP}
    subnet = cloud.create(made["subnet"].token, {**plain, "subnetName": "snet-3", "addressPrefix": "10.0.3.0/24"})
    rules = {"defaultAction": "Deny", "virtualNetworkRules": [{"virtualNetworkResourceId": subnet.id}]}
    inputs = made["account"].inputs | {"accountName": "stother", "networkRuleSet": rules}
    assert "SubnetsHaveNoServiceEndpointsConfigured" in cloud.refusal(made["account"].token, inputs)


def test_zones_of_an_address_are_fixed(cloud: SimulatedCloud, made: Made) -> None:
    with pytest.raises(RefusedError, match="ResourceAvailabilityZonesCannotBeModified"):
        cloud.update(made["address"], zones=["1", "2", "3"])


@pytest.mark.parametrize(("cap", "fits"), [(-1, True), (10, True), (500, True), (9, False), (0, False)])
def test_scanning_has_a_cap_of_ten_gigabytes_or_more(
    *, cloud: SimulatedCloud, made: Made, cap: int, fits: bool
) -> None:
    scanning = {"isEnabled": True, "malwareScanning": {"onUpload": {"isEnabled": True, "capGBPerMonth": cap}}}
    if fits:
        cloud.update(made["defender"], properties=scanning)
        return
    with pytest.raises(RefusedError, match="capGBPerMonth"):
        cloud.update(made["defender"], properties=scanning)


def test_identities_go_into_an_account_as_a_list_and_come_back_as_a_map(made: Made) -> None:
    identity = made["identity"]
    said, shown = (
        one["identity"]["userAssignedIdentities"] for one in (made["account"].inputs, made["account"].outputs)
    )
    assert said == [identity.id]
    assert shown == {identity.id: {key: identity.outputs[key] for key in ("clientId", "principalId")}}


IN_USE_PREFIX = "IpPrefix 10.0.0.0/26 on Subnet snet-pe has active allocations and cannot be deleted"


@pytest.mark.parametrize("prefix", ["10.0.7.0/26", "10.0.0.0/25", "10.0.0.0/27"])
def test_a_subnet_that_a_private_endpoint_is_in_keeps_its_prefix(
    cloud: SimulatedCloud, made: Made, prefix: str
) -> None:
    with pytest.raises(RefusedError, match=f"InUsePrefixCannotBeDeleted.*{IN_USE_PREFIX}"):
        cloud.update(made["subnet"], addressPrefix=prefix)
    assert cloud.read(made["subnet"]) == made["subnet"].outputs


def test_a_subnet_in_use_may_change_otherwise_and_gain_a_prefix(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        subnet = build(cloud)["subnet"]
        both = cloud.update(subnet, addressPrefix=None, addressPrefixes=["10.0.0.0/26", "10.0.7.0/26"])
        assert cloud.update(both, privateEndpointNetworkPolicies="Enabled").id == subnet.id


def test_a_subnet_that_a_cluster_is_placed_in_keeps_its_prefix(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        inputs = made["subnet"].inputs | {"subnetName": "snet-training", "delegations": []}
        subnet = cloud.create(made["subnet"].token, inputs | {"addressPrefix": "10.0.9.0/24"})
        assert cloud.update(subnet, addressPrefix="10.0.10.0/24").id == subnet.id
        # A cluster in a subnet of ours is for a workspace without a managed network.
        workspace = {key: value for key, value in made["workspace"].inputs.items() if key != "managedNetwork"}
        cloud.create(made["workspace"].token, workspace | {"workspaceName": "mlw-open"})
        properties = {"computeType": "AmlCompute", "properties": {"subnet": {"id": subnet.id}}}
        changed = {"workspaceName": "mlw-open", "properties": properties}
        cloud.create(made["cluster"].token, made["cluster"].inputs | changed)
        with pytest.raises(RefusedError, match="InUsePrefixCannotBeDeleted"):
            cloud.update(subnet, addressPrefix="10.0.9.0/24")
