"""What operations ask of the clouds."""

import pytest

from shared.permissions.aws_policy import AwsRequest
from shared.permissions.aws_requests import AwsAccount
from shared.permissions.azure_requests import Operation, arm_type, azure_requests
from shared.permissions.errors import UnknownTypeError
from shared.permissions.made_resource import MadeResource

GROUP = "/subscriptions/s/resourceGroups/rg"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/n"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
TAGS = {"tags": {"environment": "dev"}}


def azure(operation: Operation, token: str, resource_id: str, **inputs: object) -> set[tuple[str, str, bool]]:
    made = MadeResource(token=f"azure-native:{token}", id=resource_id, inputs=inputs, outputs={})
    return {(one.action, one.scope.rpartition("/")[2], one.data) for one in azure_requests(operation, made)}


@pytest.mark.parametrize(
    ("resource_id", "expected"),
    [
        (GROUP, "Microsoft.Resources/subscriptions/resourceGroups"),
        (SUBNET, "Microsoft.Network/virtualNetworks/subnets"),
        (f"{VAULT}/providers/Microsoft.Insights/diagnosticSettings/d", "Microsoft.Insights/diagnosticSettings"),
    ],
)
def test_the_type_in_an_id(resource_id: str, expected: str) -> None:
    assert arm_type(resource_id) == expected


def test_a_private_endpoint_joins_a_subnet_and_is_approved_at_its_target() -> None:
    endpoint = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/pe"
    asked = azure("create", "network:PrivateEndpoint", endpoint, subnet={"id": SUBNET}, to=[{"id": VAULT}])
    assert asked == {
        ("Microsoft.Network/privateEndpoints/read", "pe", False),
        ("Microsoft.Network/privateEndpoints/write", "pe", False),
        ("Microsoft.Network/virtualNetworks/subnets/join/action", "n", False),
        ("Microsoft.KeyVault/vaults/read", "kv", False),
        ("Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action", "kv", False),
    }


def test_identities_are_assigned_and_networks_joined_by_the_service_endpoint() -> None:
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u"
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/st"
    asked = azure("update", "storage:StorageAccount", account, identity={"ids": {identity: {}}}, rules=[SUBNET])
    assert ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "u", False) in asked
    assert ("Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action", "n", False) in asked


def test_keys_and_secrets_are_deleted_in_the_data_plane() -> None:
    secret = f"{VAULT}/secrets/s"
    assert azure("create", "keyvault:Secret", secret) == {
        ("Microsoft.KeyVault/vaults/secrets/read", "s", False),
        ("Microsoft.KeyVault/vaults/secrets/write", "s", False),
    }
    assert azure("delete", "keyvault:Secret", secret) == {("Microsoft.KeyVault/vaults/secrets/delete", "s", True)}


def test_values_of_a_store_that_passes_callers_on_are_data_too() -> None:
    value = f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/c/keyValues/k"
    asked = azure("delete", "appconfiguration:KeyValue", value)
    assert {data for _, _, data in asked} == {False, True}


def test_what_ends_with_its_parent_is_not_deleted() -> None:
    assert azure("delete", "storage:BlobServiceProperties", GROUP) == set()


def test_conditions_see_the_role_and_the_principal_of_an_assignment() -> None:
    inputs = {"roleDefinitionId": "/x/role", "principalId": "p", "principalType": "Group", "scope": GROUP}
    made = MadeResource(
        token="azure-native:authorization:RoleAssignment",
        id=f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/a",
        inputs=inputs,
        outputs={},
    )
    prefix = "[Microsoft.Authorization/roleAssignments:"
    (deletion,) = azure_requests("delete", made)
    assert deletion.attributes == {
        f"@Resource{prefix}RoleDefinitionId]": "role",
        f"@Resource{prefix}PrincipalId]": "p",
        f"@Resource{prefix}PrincipalType]": "Group",
    }
    assert {key[:9] for one in azure_requests("create", made) for key in one.attributes} == {"@Request["}


def aws(token: str, resource_id: str, **inputs: object) -> MadeResource:
    arn = f"arn:aws:x:::{resource_id}"
    return MadeResource(token=f"aws:{token}", id=resource_id, inputs=inputs, outputs={"arn": arn})


def test_a_new_resource_has_the_tags_of_the_request_and_none_of_its_own() -> None:
    vpc = aws("ec2/vpc:Vpc", "vpc-1", **TAGS)
    subnet = aws("ec2/subnet:Subnet", "subnet-1", vpcId="vpc-1", **TAGS)
    made, tagged, in_vpc = AwsAccount([vpc, subnet]).requests("create", subnet)
    assert made.context == {"aws:RequestTag/environment": ["dev"]}
    assert tagged == AwsRequest(
        action="ec2:CreateTags",
        resource="arn:aws:x:::subnet-1",
        context={"aws:RequestTag/environment": ["dev"], "ec2:CreateAction": ["CreateSubnet"]},
    )
    assert (in_vpc.action, in_vpc.resource) == ("ec2:CreateSubnet", "arn:aws:x:::vpc-1")
    assert in_vpc.context == {"aws:ResourceTag/environment": ["dev"]}


def test_a_role_is_handed_over_to_its_service_and_has_its_boundary() -> None:
    role = aws("iam/role:Role", "job", permissionsBoundary="arn:limit")
    pipeline = aws("sagemaker/pipeline:Pipeline", "p", roleArn="arn:aws:x:::job")
    policy = MadeResource(token="aws:iam/rolePolicy:RolePolicy", id="job:p", inputs={"role": "job"}, outputs={})
    account = AwsAccount([role, pipeline, policy])
    passed = list(account.requests("create", pipeline))[-1]
    assert passed.context["iam:PassedToService"] == ["sagemaker.amazonaws.com"]
    (put,) = account.requests("create", policy)
    assert put.context == {"iam:PermissionsBoundary": ["arn:limit"]}


def test_every_resource_that_an_input_lists_is_asked_and_one_that_is_not_set_is_not() -> None:
    endpoint = aws("ec2/vpcEndpoint:VpcEndpoint", "e", subnetIds=["s1", "s2"], privateDnsEnabled=True)
    asked = [(one.action, one.resource) for one in AwsAccount([endpoint]).requests("create", endpoint)]
    assert asked[2:] == [
        ("ec2:CreateVpcEndpoint", "s1"),
        ("ec2:CreateVpcEndpoint", "s2"),
        ("route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/*"),
    ]


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(UnknownTypeError, match=r"aws:new:Thing: its calls are not known; add them to .*aws_calls.py"):
        list(AwsAccount([]).requests("read", aws("new:Thing", "x")))


def test_scanners_of_defender_get_a_role_in_the_callers_name() -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/st"
    setting = f"{account}/providers/Microsoft.Security/defenderForStorageSettings/current"
    scanning = {"isEnabled": True, "malwareScanning": {"onUpload": {"isEnabled": True}}}
    granting = ("Microsoft.Authorization/roleAssignments/write", "st", False)
    token = "security:DefenderForStorage"
    assert granting in azure("create", token, setting, resourceId=account, properties=scanning)
    assert granting not in azure("create", token, setting, resourceId=account, properties={"isEnabled": True})


def test_a_firewall_rule_asks_nothing_of_what_it_lets_in() -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/st"
    scanner = "/subscriptions/s/providers/Microsoft.Security/datascanners/storageDataScanner"
    asked = azure("create", "storage:StorageAccount", account, networkRuleSet={"resourceAccessRules": [scanner]})
    assert {scope for _, scope, _ in asked} == {"st"}
