"""Flow logs: who writes them, where to, for how long."""

import pytest
from pulumi_azure_native import network

from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from stacks.network_storage.flow_logs import flow_logs, kept_days
from tests.unit.sample_contracts import sample
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run, record


def _run(env: Environment) -> Run:
    def declare() -> dict[str, object]:
        vnet = network.VirtualNetwork("vnet", virtual_network_name="vnet-mlp", resource_group_name="rg")
        flow_logs(env, sample(IdentityOutputs, {}), sample(KeyVaultOutputs, {}), vnet)
        return {"vnet": vnet.id}

    return record(declare, project="network_storage")


@pytest.fixture(scope="module")
def run() -> Run:
    return _run(sandbox())


def test_the_whole_network_is_logged_by_the_regions_own_watcher(run: Run) -> None:
    log = run.one("network:FlowLog").inputs
    assert (log["resourceGroupName"], log["networkWatcherName"]) == ("NetworkWatcherRG", "NetworkWatcher_westeurope")
    assert log["targetResourceId"] == run.outputs["vnet"]
    assert log["enabled"] is True
    assert log["format"] == {"type": "JSON", "version": 2}


def test_without_keys_the_writer_needs_an_identity_and_a_role(run: Run) -> None:
    account = run.one("storage:StorageAccount", "flow-logs")
    assert account.inputs["allowSharedKeyAccess"] is False
    log = run.one("network:FlowLog")
    (writer,) = log.inputs["identity"]["userAssignedIdentities"]
    assert log.inputs["identity"]["type"] == "UserAssigned"
    assert writer.endswith("identity_ids/watcher")
    assert run.granted() == {("flow-logs", "principals/watcher", "watcher-blob-data-contributor")}
    assert "flow-logs-watcher-blob-data-contributor" in log.after


def test_raw_logs_are_apart_from_the_data_they_watch_over(run: Run) -> None:
    account = run.one("storage:StorageAccount", "flow-logs").inputs
    assert account["accountName"].startswith("stflow")
    assert account["publicNetworkAccess"] == "Disabled"
    assert account["networkRuleSet"] == {
        "defaultAction": "Deny",
        "bypass": "AzureServices",
        "virtualNetworkRules": [],
        "resourceAccessRules": [],
    }
    blobs = run.one("storage:BlobServiceProperties", "flow-log-blobs").inputs
    assert blobs["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}
    # Every minute's write would leave a version, or a blob to recover.
    assert not {"isVersioningEnabled", "deleteRetentionPolicy"} & set(blobs)
    assert run.one("monitor:DiagnosticSetting", "flow-log-blobs-logs").inputs["logs"]


def test_summaries_go_to_log_analytics(run: Run) -> None:
    analytics = run.one("network:FlowLog").inputs["flowAnalyticsConfiguration"]
    summary = analytics["networkWatcherFlowAnalyticsConfiguration"]
    assert summary["workspaceResourceId"].endswith("log_analytics_id")
    assert (summary["enabled"], summary["trafficAnalyticsInterval"]) == (True, 10)


@pytest.mark.parametrize(("asked", "kept"), [(30, 90), (90, 90), (180, 180), (365, 365), (730, 365)])
def test_raw_logs_are_kept_for_ninety_days_to_a_year(asked: int, kept: int) -> None:
    assert kept_days(asked) == kept
    log = _run(sandbox(logs__retention_days=asked)).one("network:FlowLog").inputs
    assert log["retentionPolicy"] == {"enabled": True, "days": kept}


def test_no_flow_logs_where_the_environment_wants_none() -> None:
    assert {one.type for one in _run(sandbox(logs__flow_logs=False)).resources} == {
        "azure-native:network:VirtualNetwork"
    }


@pytest.mark.parametrize("protected", [True, False])
def test_logs_are_protected_with_the_data(*, protected: bool) -> None:
    run = _run(sandbox(protection__deletion=protected))
    assert run.one("storage:StorageAccount").protect is protected
