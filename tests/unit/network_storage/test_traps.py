"""Each trap of storage and networks, and that the program does not step into it. A test is named for its trap."""

import json

import pytest

from stacks.network_storage.blob_data import STUDIO_METHODS, STUDIO_ORIGINS
from tests.unit.network_storage.environments import FILES, file, run_in
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Registered, Run


@pytest.fixture(scope="module", params=FILES)
def run(request: pytest.FixtureRequest) -> Run:
    return run_in(file(str(request.param)))


@pytest.fixture(scope="module")
def private() -> Run:
    return run_in(sandbox())


def test_network_rule_set_removal_opens_the_account(run: Run) -> None:
    # The provider sends defaultAction Allow for an account whose rule set is left out.
    for account in run.all("storage:StorageAccount").values():
        assert account.inputs["networkRuleSet"]["defaultAction"] == "Deny"
        assert "networkRuleSet" not in account.ignore_changes


def test_parallel_subnets_are_refused(run: Run) -> None:
    # AnotherOperationInProgress: one change of a network at a time.
    subnets = list(run.all("network:Subnet").values())
    assert len(subnets) >= 2
    for position, subnet in enumerate(subnets):
        assert {before.name for before in subnets[:position][-1:]} <= subnet.after


def test_private_endpoints_and_subnets_change_the_network_too(private: Run) -> None:
    names = set(private.all("network:Subnet")) - {"private-endpoints"}
    last = private.one("network:Subnet", "private-endpoints")
    assert last.after & names
    for endpoint in _endpoints(private).values():
        assert last.name in endpoint.after


def test_inline_subnets_undo_subnet_resources(run: Run) -> None:
    vnet = run.one("network:VirtualNetwork")
    assert "subnets" not in vnet.inputs
    assert vnet.ignore_changes == ("subnets",)


def test_private_endpoints_of_one_account_are_refused_side_by_side(private: Run) -> None:
    # StorageAccountOperationInProgress
    endpoints = _endpoints(private)
    by_target: dict[str, list[Registered]] = {}
    for endpoint in endpoints.values():
        target = endpoint.inputs["privateLinkServiceConnections"][0]["privateLinkServiceId"]
        by_target.setdefault(target, []).append(endpoint)
    assert sorted(len(some) for some in by_target.values()) == [1, 1, 2]
    for some in by_target.values():
        for position, endpoint in enumerate(some[1:], start=1):
            assert {before.name for before in some[:position]} <= endpoint.after


def test_identities_go_in_as_a_list(private: Run) -> None:
    # They come back as a map: an input in that shape is refused by the SDK.
    for account in private.all("storage:StorageAccount").values():
        assert isinstance(account.inputs["identity"]["userAssignedIdentities"], list)


def test_a_key_with_a_version_is_not_rotated(private: Run) -> None:
    for account in private.all("storage:StorageAccount").values():
        key = account.inputs["encryption"]["keyVaultProperties"]
        assert set(key) == {"keyName", "keyVaultUri"}
    assert "keyversion" not in json.dumps([one.inputs for one in private.resources]).lower()


def test_studio_adds_origins_that_are_left_out(run: Run) -> None:
    (rule,) = run.one("storage:BlobServiceProperties", "blobs").inputs["cors"]["corsRules"]
    assert rule["allowedOrigins"] == [
        "https://mlworkspace.azure.ai",
        "https://ml.azure.com",
        "https://*.ml.azure.com",
        "https://ai.azure.com",
        "https://*.ai.azure.com",
    ]
    assert tuple(rule["allowedOrigins"]) == STUDIO_ORIGINS
    assert tuple(rule["allowedMethods"]) == STUDIO_METHODS


def test_a_hierarchical_namespace_is_no_default_store(run: Run) -> None:
    for account in run.all("storage:StorageAccount").values():
        assert account.inputs["isHnsEnabled"] is False


def test_infrastructure_encryption_is_decided_at_creation(run: Run) -> None:
    for account in run.all("storage:StorageAccount").values():
        assert account.inputs["encryption"]["requireInfrastructureEncryption"] is True


def test_the_docker_bridge_is_no_network_of_ours(run: Run) -> None:
    prefixes = run.one("network:VirtualNetwork").inputs["addressSpace"]["addressPrefixes"]
    assert not [prefix for prefix in prefixes if prefix.startswith("172.17.")]


def test_a_private_endpoint_without_names_is_reached_by_nobody(private: Run) -> None:
    assert set(private.all("network:PrivateDnsZoneGroup")) == set(_endpoints(private))


def test_network_policies_keep_private_endpoints_out_of_a_subnet(run: Run) -> None:
    subnet = run.one("network:Subnet", "private-endpoints").inputs
    assert subnet["privateEndpointNetworkPolicies"] == "Disabled"


def test_every_role_names_the_kind_of_its_principal(run: Run) -> None:
    # PrincipalNotFound: without it Azure looks up a principal that was just made.
    for assignment in run.all("authorization:RoleAssignment").values():
        assert assignment.inputs["principalType"] in ("ServicePrincipal", "Group")
        assert assignment.replace_on_changes == ("roleDefinitionId",)


def test_versions_are_on_before_rules_about_versions(run: Run) -> None:
    assert "blobs" in run.one("storage:ManagementPolicy").after


def _endpoints(run: Run) -> dict[str, Registered]:
    return run.all("azure-native:network:PrivateEndpoint")
