"""Resources of azure-native in a template: names as the service has them, and nothing left out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.arm_template import arm_template
from shared.policy.arm_types import ARM_TYPES
from shared.policy.errors import RenderingError
from shared.policy.resource import Resource
from tests.unit.policy.made_resources import account, made, vault

VALUES = st.recursive(
    st.booleans() | st.integers() | st.text(min_size=1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["location", "tags", "sku", "kind", "someProperty", "otherProperty", "thirdProperty"])


def entries(*resources: Resource) -> list[dict[str, Any]]:
    """Return what is rendered beside the canary."""
    return arm_template(resources).document["resources"][1:]


def entry(resource: Resource) -> dict[str, Any]:
    (found,) = entries(resource)
    return found


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield repr(value)


@given(st.sampled_from(sorted(ARM_TYPES)), st.dictionaries(KEYS, VALUES))
def test_every_input_is_in_the_template(token: str, inputs: dict[str, Any]) -> None:
    rendered = entry(made(f"azure-native:{token}", inputs=inputs))
    missing = Counter(leaves(inputs)) - Counter(
        text.replace("'[[", "'[").replace('"[[', '"[') for text in leaves(rendered)
    )
    assert not missing


def test_the_names_of_a_storage_account_are_those_of_the_service() -> None:
    rule = {"virtualNetworkResourceId": "/subnets/training", "action": "Allow"}
    runner = {"iPAddressOrRange": "203.0.113.0/24"}
    rules = {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": [runner], "virtualNetworkRules": [rule]}
    properties = entry(account(networkRuleSet=rules))["properties"]
    assert properties["supportsHttpsTrafficOnly"] is True
    assert properties["networkAcls"]["defaultAction"] == "Deny"
    assert properties["networkAcls"]["virtualNetworkRules"] == [{"id": "/subnets/training", "action": "Allow"}]
    assert properties["networkAcls"]["ipRules"] == [{"value": "203.0.113.0/24"}]
    assert properties["encryption"]["keyvaultproperties"] == {
        "keyname": "cmk",
        "keyvaulturi": "https://kv.vault.azure.net/",
    }
    assert properties["encryption"]["identity"] == {"userAssignedIdentity": "/subscriptions/s/identities/cmk"}


def test_what_stands_beside_properties_stands_there() -> None:
    rendered = entry(account())
    assert (rendered["type"], rendered["name"]) == ("Microsoft.Storage/storageAccounts", "stmlpprod1a2b")
    assert (rendered["apiVersion"], rendered["kind"]) == ("2024-01-01", "StorageV2")
    assert rendered["sku"] == {"name": "Standard_GZRS"}
    assert "resourceGroupName" not in rendered["properties"]


def test_identities_are_a_map() -> None:
    assert entry(account())["identity"]["userAssignedIdentities"] == {"/subscriptions/s/identities/cmk": {}}


def test_log_analytics_has_its_sku_among_its_properties() -> None:
    inputs = {"workspaceName": "log", "sku": {"name": "PerGB2018"}, "retentionInDays": 90}
    rendered = entry(made("azure-native:operationalinsights:Workspace", inputs=inputs))
    assert rendered["properties"] == {"sku": {"name": "PerGB2018"}, "retentionInDays": 90}


def test_application_insights_has_its_own_spelling() -> None:
    inputs = {"flowType": "Bluefield", "ingestionMode": "LogAnalytics", "requestSource": "rest", "kind": "web"}
    rendered = entry(made("azure-native:applicationinsights:Component", inputs=inputs))
    assert rendered["properties"] == {
        "Flow_Type": "Bluefield",
        "IngestionMode": "LogAnalytics",
        "Request_Source": "rest",
    }


def test_a_key_value_has_its_tags_among_its_properties() -> None:
    inputs = {"configStoreName": "a", "keyValueName": "k", "tags": {"owner": "ml"}}
    rendered = entry(made("azure-native:appconfiguration:KeyValue", inputs=inputs))
    assert "tags" not in rendered
    assert rendered["properties"] == {"tags": {"owner": "ml"}}


def test_what_has_no_properties_says_none() -> None:
    """Those of an identity are read-only."""
    inputs = {"resourceName": "id-compute", "location": "westeurope"}
    assert "properties" not in entry(made("azure-native:managedidentity:UserAssignedIdentity", inputs=inputs))


def test_nested_properties_are_not_nested_twice() -> None:
    assert entry(vault())["properties"]["enableSoftDelete"] is True


def test_a_secret_expires_under_the_name_of_the_service() -> None:
    properties = {"attributes": {"expires": 1830297600, "notBefore": 1}, "contentType": "token", "value": "concealed"}
    inputs = {"vaultName": "kv", "secretName": "token", "properties": properties}
    rendered = entry(made("azure-native:keyvault:Secret", inputs=inputs))
    assert rendered["name"] == "kv/token"
    assert rendered["properties"]["attributes"] == {"exp": 1830297600, "nbf": 1}


def test_rules_in_a_security_group_have_properties_of_their_own() -> None:
    rule = {"name": "in", "access": "Allow", "destinationPortRange": "443"}
    rendered = entry(made("azure-native:network:NetworkSecurityGroup", inputs={"securityRules": [rule]}))
    assert rendered["properties"]["securityRules"] == [
        {"name": "in", "properties": {"access": "Allow", "destinationPortRange": "443"}}
    ]


def test_a_container_is_below_the_default_blob_service() -> None:
    inputs = {"accountName": "st", "containerName": "models", "publicAccess": "None"}
    assert entry(made("azure-native:storage:BlobContainer", inputs=inputs))["name"] == "st/default/models"


def test_extension_resources_of_one_name_are_told_apart_by_what_they_extend() -> None:
    group = "/subscriptions/s/resourceGroups/rg"
    inputs = [
        {"name": "logs", "resourceUri": f"{group}/providers/Microsoft.KeyVault/vaults/{vault_name}"}
        for vault_name in ("a", "b")
    ]
    first, second = (
        made("azure-native:monitor:DiagnosticSetting", f"logs-{number}", inputs=one)
        for number, one in enumerate(inputs)
    )
    rendered = entries(first, second)
    assert [one["name"] for one in rendered] == ["a/Microsoft.Insights/logs", "b/Microsoft.Insights/logs"]
    assert rendered[0]["type"] == "Microsoft.KeyVault/vaults/providers/diagnosticSettings"
    assert "scope" not in rendered[0]  # a template has a name like this, or a scope


def test_what_extends_a_group_keeps_its_type_and_says_what_it_extends() -> None:
    group = "/subscriptions/s/resourceGroups/rg"
    inputs = {"scope": group, "roleDefinitionId": "8ef2", "roleName": "scorer", "roleType": "CustomRole"}
    rendered = entry(made("azure-native:authorization:RoleDefinition", inputs=inputs))
    assert (rendered["type"], rendered["scope"]) == ("Microsoft.Authorization/roleDefinitions", group)
    assert rendered["properties"] == {"roleName": "scorer", "type": "CustomRole"}


def test_text_that_looks_like_an_expression_stays_text() -> None:
    inputs = {"configStoreName": "a", "keyValueName": "k", "value": "[1, 2]"}
    assert entry(made("azure-native:appconfiguration:KeyValue", inputs=inputs))["properties"]["value"] == "[[1, 2]"


def test_two_resources_that_would_be_one_are_refused() -> None:
    with pytest.raises(RenderingError, match="stmlpprod1a2b"):
        arm_template([account("first"), account("second")])


def test_other_providers_are_left_to_other_documents() -> None:
    assert entries(made("aws:s3/bucket:Bucket")) == []


def test_checkov_names_an_entry_after_its_type_and_its_name() -> None:
    resource = account()
    owners = arm_template([resource]).owners
    assert owners == {"Microsoft.Storage/storageAccounts.stmlpprod1a2b": resource.urn}
