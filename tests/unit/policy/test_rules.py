"""Rules of our own: each fails on what it is about, and on nothing else."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from shared.environment.tiers import Tier
from shared.policy.resource import Resource
from shared.policy.rules import RULES, own_verdicts
from tests.unit.policy.made_resources import account, made, vault

STORE = "azure-native:appconfiguration:ConfigurationStore"
REGISTRY = "azure-native:containerregistry:Registry"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
ENDPOINT = "azure-native:network:PrivateEndpoint"
GROUP = "azure-native:network:PrivateDnsZoneGroup"
ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PIPELINE = "aws:sagemaker/pipeline:Pipeline"
CREDENTIAL = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
GITHUB = "token.actions.githubusercontent.com"
ONLINE = "azure-native:machinelearningservices:OnlineEndpoint"
COMPUTE = "azure-native:machinelearningservices:Compute"
FIREWALL = "azure-native:network:NetworkSecurityGroup"
CUSTOM_ROLE = "azure-native:authorization:RoleDefinition"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OF_ENTRA = "arn:aws:iam::0:oidc-provider/login.microsoftonline.com/t/v2.0"
ENTRA = "login.microsoftonline.com/t/v2.0"
SERVICE = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "sagemaker.amazonaws.com"},
    "Condition": {"StringEquals": {"aws:SourceAccount": "0"}},
}
BROAD = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"


def failed(*resources: Resource, tier: Tier = "production") -> set[str]:
    return {one.check for one in own_verdicts(resources, tier) if one.result == "failed"}


def store(**changes: Any) -> Resource:
    inputs = {
        "configStoreName": "appcs",
        "disableLocalAuth": True,
        "publicNetworkAccess": "Disabled",
        "enablePurgeProtection": True,
        "sku": {"name": "standard"},
    }
    return made(STORE, inputs={**inputs, **changes})


def registry(sku: str) -> Resource:
    return made(REGISTRY, inputs={"sku": {"name": sku}, "publicNetworkAccess": "Disabled"})


def assignment(guid: str, **more: Any) -> Resource:
    inputs = {"roleDefinitionId": f"{ROLES}/{guid}", "principalType": "ServicePrincipal", **more}
    return made(ASSIGNMENT, inputs=inputs)


def endpoint(*zone_groups: Resource) -> Sequence[Resource]:
    return (made(ENDPOINT, inputs={"privateEndpointName": "pep"}), *zone_groups)


def zone_group(endpoint_name: str, *zones: str) -> Resource:
    configs = [{"name": "zone", "privateDnsZoneId": zone} for zone in zones]
    return made(GROUP, inputs={"privateEndpointName": endpoint_name, "privateDnsZoneConfigs": configs})


def credential(subject: str) -> Resource:
    return made(CREDENTIAL, inputs={"issuer": f"https://{GITHUB}", "subject": subject})


def trust(**condition: Any) -> Resource:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::0:oidc-provider/{GITHUB}"},
        "Condition": condition,
    }
    return role(assumeRolePolicy=document(SERVICE, statement))


def role(**inputs: Any) -> Resource:
    trusting = {"assumeRolePolicy": document(SERVICE), "permissionsBoundary": "arn:aws:iam::0:policy/boundary"}
    return made(ROLE, inputs={**trusting, **inputs})


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trusting(principal: Any, **condition: Any) -> Resource:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
    return role(assumeRolePolicy=document(SERVICE, statement))


def online(**properties: Any) -> Resource:
    said = {"authMode": "AADToken", "publicNetworkAccess": "Disabled", **properties}
    return made(ONLINE, inputs={"properties": said})


def cluster(port: str | None, kind: str = "AmlCompute", **more: Any) -> Resource:
    inner = {"remoteLoginPortPublicAccess": port, **more}
    return made(COMPUTE, inputs={"properties": {"computeType": kind, "properties": inner}})


def firewall(**changes: Any) -> Resource:
    rule = {"name": "in", "access": "Allow", "direction": "Inbound", "destinationPortRange": "443"}
    denial = {"name": "deny", "access": "Deny", "direction": "Inbound", "sourceAddressPrefix": "Internet"}
    outward = {"name": "out", "access": "Allow", "direction": "Outbound", "sourceAddressPrefix": "*"}
    inner = {**rule, "sourceAddressPrefix": "VirtualNetwork", **changes}
    return made(FIREWALL, inputs={"securityRules": [outward, denial, inner]})


def custom_role(*actions: str, without: Sequence[str] = ()) -> Resource:
    return made(CUSTOM_ROLE, inputs={"permissions": [{"actions": list(actions), "notActions": list(without)}]})


def bucket(*policies: Resource) -> Sequence[Resource]:
    return (made(BUCKET, id_="s3-one", inputs={"bucket": "s3-one"}), *policies)


def bucket_policy(of: str = "s3-one", **changes: Any) -> Resource:
    denial = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::s3-one", "arn:aws:s3:::s3-one/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return made(BUCKET_POLICY, inputs={"bucket": of, "policy": document({**denial, **changes})})


def vpc_endpoint(text: str | None = None, **changes: Any) -> Resource:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:GetCallerIdentity",
        "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "0"}},
    }
    kept = {key: value for key, value in {**statement, **changes}.items() if value is not None}
    return made(VPC_ENDPOINT, inputs={"policy": document(kept) if text is None else text or None})


SUBJECT = "repo:example@1/infra@2:environment:prod"
AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}

TRAINING: dict[str, Any] = {
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "VpcConfig": {"Subnets": ["a"], "SecurityGroupIds": ["b"]},
    "ResourceConfig": {"VolumeKmsKeyId": "key"},
    "OutputDataConfig": {"KmsKeyId": "key"},
}
PROCESSING: dict[str, Any] = {
    "NetworkConfig": {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": {"Subnets": ["a"], "SecurityGroupIds": ["b"]},
    },
    "ProcessingResources": {"ClusterConfig": {"VolumeKmsKeyId": "key"}},
    "ProcessingOutputConfig": {"KmsKeyId": "key"},
}


def pipeline(*steps: dict[str, Any], text: str = "") -> Resource:
    inner = {"Name": "Inner", "Type": "RegisterModel", "Arguments": {}}
    condition = {"Name": "If", "Type": "Condition", "Arguments": {"IfSteps": [inner, *steps], "ElseSteps": []}}
    good = [
        {"Name": "Prepare", "Type": "Processing", "Arguments": PROCESSING},
        {"Name": "Train", "Type": "Training", "Arguments": TRAINING},
    ]
    return made(PIPELINE, inputs={"pipelineDefinition": text or json.dumps({"Steps": [*good, condition]})})


def step(kind: str, base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    arguments = {name: value for name, value in {**base, **changes}.items() if value is not None}
    return {"Name": "Bad", "Type": kind, "Arguments": arguments}


GOOD = [
    [store()],
    [account()],
    [vault()],
    [registry("Premium")],
    [assignment("acdd72a7-3385-48ef-bd42-f606fba81ae7")],
    [assignment("f58310d9-a9f6-439a-9e8d-f62e7b41a168", condition="…Microsoft.Authorization/roleAssignments/write…")],
    endpoint(zone_group("pep", "/zones/a")),
    [credential(SUBJECT)],
    [credential("repo:example/infra:environment:prod")],
    [trust(StringEquals={f"{GITHUB}:sub": SUBJECT, **AUDIENCE})],
    [role(managedPolicyArns=["arn:aws:iam::0:policy/OurFullAccess"])],
    [made(ATTACHMENT, inputs={"policyArn": "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"})],
    [pipeline()],
    [online()],
    [cluster("Disabled")],
    [cluster(None, "ComputeInstance")],
    [cluster(None, "ComputeInstance", sshSettings={"sshPublicAccess": "Disabled"})],
    [firewall()],
    [firewall(sourceAddressPrefix=None, sourceAddressPrefixes=["10.1.0.0/16", "192.168.7.0/24"])],
    [firewall(sourceAddressPrefix="AzureLoadBalancer")],
    [custom_role("Microsoft.Authorization/roleDefinitions/write", "Microsoft.Authorization/*/read")],
    [custom_role("*", without=["Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"])],
    [role(assumeRolePolicy=document())],
    [trusting({"Federated": OF_ENTRA}, StringEquals={f"{ENTRA}:aud": "app", f"{ENTRA}:sub": "who"})],
    [trusting({"AWS": "arn:aws:iam::1:root"}, StringEquals={"sts:ExternalId": "agreed"})],
    [trusting({"Service": "events.amazonaws.com"}, ArnEquals={"aws:SourceArn": "arn:aws:events:r:0:rule/one"})],
    bucket(bucket_policy()),
    bucket(bucket_policy(Principal={"AWS": "*"}, Action="*", Resource="*")),
    bucket(bucket_policy(Condition={"Bool": {"aws:SecureTransport": ["false"]}})),
    [vpc_endpoint()],
    [vpc_endpoint(Condition=None, Resource="arn:aws:s3:::layers-of-amazon/*")],
    [vpc_endpoint(Condition=None, Resource=["arn:aws:logs:r:0:log-group:*"])],
    [vpc_endpoint(Condition=None, Principal={"AWS": "arn:aws:iam::0:root"})],
    [made(SECURITY_GROUP, inputs={"egress": [{"protocol": "-1", "cidrBlocks": ["10.0.0.0/8"]}]})],
    [made(EGRESS, inputs={"ipProtocol": "-1", "referencedSecurityGroupId": "sg-1"})],
    [made(INGRESS, inputs={"ipProtocol": "tcp", "cidrIpv4": "172.16.4.0/24"})],
]


@pytest.mark.parametrize("resources", GOOD, ids=lambda resources: resources[0].type)
def test_what_is_right_passes(resources: Sequence[Resource]) -> None:
    assert failed(*resources) == set()
    assert any(one.result == "passed" for one in own_verdicts(resources, "production")), "no rule was asked"


BAD: list[tuple[Sequence[Resource], str]] = [
    ([store(disableLocalAuth=False)], "MLP_AZURE_1"),
    ([store(disableLocalAuth=None)], "MLP_AZURE_1"),
    ([store(publicNetworkAccess="Enabled")], "MLP_AZURE_2 MLP_VALUE_4"),
    ([store(publicNetworkAccess=None)], "MLP_AZURE_2 MLP_VALUE_4"),
    ([store(enablePurgeProtection=False)], "MLP_VALUE_5"),
    ([store(sku={"name": "Free"})], "MLP_VALUE_3"),
    (endpoint(), "MLP_AZURE_3"),
    (endpoint(zone_group("other", "/zones/a")), "MLP_AZURE_3"),
    (endpoint(zone_group("pep")), "MLP_AZURE_3"),
    ([assignment("8E3AF657-a8ff-443c-a75c-2fe8c4bcb635")], "MLP_AZURE_4"),
    ([assignment("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", condition="(x)")], "MLP_AZURE_4"),
    ([assignment("f58310d9-a9f6-439a-9e8d-f62e7b41a168")], "MLP_AZURE_4"),
    ([assignment("acdd72a7-3385-48ef-bd42-f606fba81ae7", principalType=None)], "MLP_AZURE_5"),
    ([account(sku={"name": "Standard_LRS"})], "MLP_VALUE_1"),
    ([account(publicNetworkAccess="Enabled")], "MLP_VALUE_4"),
    ([account(publicNetworkAccess=None)], "MLP_VALUE_4"),
    ([vault(publicNetworkAccess="Enabled")], "MLP_VALUE_4"),
    ([vault(enablePurgeProtection=None)], "MLP_VALUE_5"),
    ([registry("Basic")], "MLP_VALUE_2"),
    ([credential("repo:example@1/infra@2:*")], "MLP_GITHUB_1"),
    ([credential("repo:example@1/infra@2:pull_request")], "MLP_GITHUB_1"),
    ([credential("repo:example@1/infra:environment:prod")], "MLP_GITHUB_1"),
    ([credential("repo:example/infra:environment:*")], "MLP_GITHUB_1"),
    ([online(authMode="Key")], "MLP_AZURE_6"),
    ([online(authMode="AMLToken")], "MLP_AZURE_6"),
    ([online(authMode=None)], "MLP_AZURE_6"),
    ([cluster("Enabled")], "MLP_AZURE_7"),
    ([cluster("NotSpecified")], "MLP_AZURE_7"),
    ([cluster(None)], "MLP_AZURE_7"),
    ([cluster(None, "ComputeInstance", sshSettings={"sshPublicAccess": "Enabled"})], "MLP_AZURE_7"),
    ([cluster("Disabled", "Kubernetes")], "MLP_AZURE_7"),
    ([firewall(sourceAddressPrefix="Internet")], "MLP_AZURE_8"),
    ([firewall(sourceAddressPrefix="*")], "MLP_AZURE_8"),
    ([firewall(sourceAddressPrefix="0.0.0.0/0")], "MLP_AZURE_8"),
    ([firewall(sourceAddressPrefix="AzureCloud.WestEurope")], "MLP_AZURE_8"),
    ([firewall(sourceAddressPrefix=None, sourceAddressPrefixes=["10.0.0.0/8", "128.0.0.0/1"])], "MLP_AZURE_8"),
    ([firewall(sourceAddressPrefix="::/0", destinationPortRange="*")], "MLP_AZURE_8"),
    (
        [
            made(
                "azure-native:network:SecurityRule",
                inputs={"access": "Allow", "direction": "Inbound", "sourceAddressPrefix": "Internet"},
            )
        ],
        "MLP_AZURE_8",
    ),
    ([custom_role("Microsoft.Authorization/*")], "MLP_AZURE_9"),
    ([custom_role("microsoft.authorization/roleassignments/write")], "MLP_AZURE_9"),
    ([custom_role("*/write")], "MLP_AZURE_9"),
    ([custom_role("Microsoft.Authorization/elevateAccess/action")], "MLP_AZURE_9"),
    ([custom_role("*", without=["Microsoft.Authorization/roleAssignments/write"])], "MLP_AZURE_9"),
    ([account(encryption={"keySource": "Microsoft.Storage"})], "MLP_AZURE_10"),
    ([account(encryption={"requireInfrastructureEncryption": False})], "MLP_AZURE_10"),
    ([account(encryption=None)], "MLP_AZURE_10"),
    ([made(EGRESS, inputs={"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"})], "MLP_AWS_5"),
    ([made(EGRESS, inputs={"ipProtocol": "-1", "cidrIpv6": "::/0"})], "MLP_AWS_5"),
    ([made(INGRESS, inputs={"ipProtocol": "tcp", "fromPort": 443, "cidrIpv4": "0.0.0.0/0"})], "MLP_AWS_5"),
    ([made(SECURITY_GROUP, inputs={"egress": [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]})], "MLP_AWS_5"),
    ([made(SECURITY_GROUP, inputs={"ingress": [{"ipv6CidrBlocks": ["2000::/3"]}]})], "MLP_AWS_5"),
    (
        [made("aws:ec2/securityGroupRule:SecurityGroupRule", inputs={"type": "egress", "cidrBlocks": ["0.0.0.0/0"]})],
        "MLP_AWS_5",
    ),
    ([role(permissionsBoundary=None)], "MLP_AWS_6"),
    ([role(permissionsBoundary="")], "MLP_AWS_6"),
    ([trusting({"Service": "sagemaker.amazonaws.com"})], "MLP_AWS_7"),
    ([trusting({"Service": "s"}, StringLike={"aws:SourceAccount": "*"})], "MLP_AWS_7"),
    ([trusting({"Service": "s"}, StringNotEquals={"aws:SourceAccount": "0"})], "MLP_AWS_7"),
    ([trusting({"Service": "s"}, StringEqualsIfExists={"aws:SourceAccount": "0"})], "MLP_AWS_7"),
    ([trusting({"Service": "s"}, StringEquals={"aws:RequestedRegion": "r"})], "MLP_AWS_7"),
    ([trusting({"Federated": OF_ENTRA}, StringEquals={f"{ENTRA}:aud": "app"})], "MLP_AWS_7"),
    ([trusting({"AWS": "arn:aws:iam::1:root"})], "MLP_AWS_7"),
    ([trusting("*")], "MLP_AWS_7"),
    ([role(assumeRolePolicy=document({"Effect": "Allow", "NotPrincipal": {"AWS": "1"}}))], "MLP_AWS_7"),
    (bucket(), "MLP_AWS_8"),
    (bucket(bucket_policy(of="s3-other")), "MLP_AWS_8"),
    (bucket(bucket_policy(Effect="Allow")), "MLP_AWS_8"),
    (bucket(bucket_policy(Principal={"AWS": "arn:aws:iam::0:root"})), "MLP_AWS_8"),
    (bucket(bucket_policy(Action=["s3:GetObject"])), "MLP_AWS_8"),
    (bucket(bucket_policy(Resource=["arn:aws:s3:::s3-one/*"])), "MLP_AWS_8"),
    (bucket(bucket_policy(Condition={"Bool": {"aws:SecureTransport": "true"}})), "MLP_AWS_8"),
    (
        bucket(bucket_policy(Condition={"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "true"}})),
        "MLP_AWS_8",
    ),
    ([vpc_endpoint(text="")], "MLP_AWS_9"),
    ([vpc_endpoint(text="{")], "MLP_AWS_9"),
    ([vpc_endpoint(Condition=None)], "MLP_AWS_9"),
    ([vpc_endpoint(Condition={"StringEquals": {"aws:RequestedRegion": "r"}})], "MLP_AWS_9"),
    ([vpc_endpoint(Condition=None, Resource=["arn:aws:s3:::one/*", "arn:aws:s3:::*"])], "MLP_AWS_9"),
    ([vpc_endpoint(Condition=None, Resource=None, NotResource="arn:aws:s3:::one")], "MLP_AWS_9"),
    ([trust()], "MLP_GITHUB_2"),
    ([trust(StringEquals=AUDIENCE)], "MLP_GITHUB_2"),
    ([trust(StringEquals={f"{GITHUB}:sub": SUBJECT})], "MLP_GITHUB_2"),
    ([trust(StringLike={f"{GITHUB}:sub": SUBJECT}, StringEquals=AUDIENCE)], "MLP_GITHUB_2"),
    ([trust(StringEquals={f"{GITHUB}:sub": [SUBJECT, "repo:a/b:*"], **AUDIENCE})], "MLP_GITHUB_2"),
    ([role(managedPolicyArns=[BROAD])], "MLP_AWS_1"),
    ([role(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])], "MLP_AWS_1"),
    ([made(ATTACHMENT, inputs={"policyArn": BROAD})], "MLP_AWS_1"),
    ([role(assumeRolePolicy="")], "MLP_GITHUB_2 MLP_AWS_7"),
    ([pipeline(step("Training", TRAINING, EnableNetworkIsolation=False))], "MLP_AWS_2"),
    ([pipeline(step("Training", TRAINING, EnableInterContainerTrafficEncryption=None))], "MLP_AWS_2"),
    ([pipeline(step("Training", TRAINING, OutputDataConfig={}))], "MLP_AWS_3"),
    ([pipeline(step("Training", TRAINING, ResourceConfig={}))], "MLP_AWS_3"),
    ([pipeline(step("Training", TRAINING, VpcConfig=None))], "MLP_AWS_4"),
    ([pipeline(step("Training", TRAINING, VpcConfig={"Subnets": ["a"]}))], "MLP_AWS_4"),
    ([pipeline(step("Processing", PROCESSING, NetworkConfig=None))], "MLP_AWS_2 MLP_AWS_4"),
    ([pipeline(step("Processing", PROCESSING, ProcessingOutputConfig={}))], "MLP_AWS_3"),
    ([pipeline(step("Lambda", {}))], "MLP_AWS_2 MLP_AWS_3 MLP_AWS_4"),
    ([pipeline(text="{")], "MLP_AWS_2 MLP_AWS_3 MLP_AWS_4"),
]


@pytest.mark.parametrize(("resources", "rules"), BAD)
def test_what_is_wrong_fails_its_rule(resources: Sequence[Resource], rules: str) -> None:
    assert failed(*resources) == set(rules.split())


def test_every_rule_has_something_that_fails_it() -> None:
    assert {rule.id for rule in RULES} == {rule for _, rules in BAD for rule in rules.split()}
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_development_may_be_small_and_public_and_its_jobs_have_no_network() -> None:
    small = [account(sku={"name": "Standard_LRS"}, publicNetworkAccess="Enabled"), registry("Basic")]
    assert failed(*small, pipeline(step("Training", TRAINING, VpcConfig=None)), tier="development") == set()


@pytest.mark.parametrize("tier", ["staging", "production", "sandbox"])
def test_everything_else_may_not(tier: Tier) -> None:
    assert failed(account(sku={"name": "Standard_LRS"}), tier=tier) == {"MLP_VALUE_1"}


def test_a_trust_in_another_issuer_is_another_matter() -> None:
    entra = {"issuer": "https://login.microsoftonline.com/t/v2.0", "subject": "anything"}
    assert failed(made(CREDENTIAL, inputs=entra)) == set()
