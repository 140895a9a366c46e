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
    other = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return made(ROLE, inputs={"assumeRolePolicy": json.dumps({"Statement": [other, statement]})})


def role(**inputs: Any) -> Resource:
    return made(ROLE, inputs={"assumeRolePolicy": '{"Statement": []}', **inputs})


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
    ([trust()], "MLP_GITHUB_2"),
    ([trust(StringEquals=AUDIENCE)], "MLP_GITHUB_2"),
    ([trust(StringEquals={f"{GITHUB}:sub": SUBJECT})], "MLP_GITHUB_2"),
    ([trust(StringLike={f"{GITHUB}:sub": SUBJECT}, StringEquals=AUDIENCE)], "MLP_GITHUB_2"),
    ([trust(StringEquals={f"{GITHUB}:sub": [SUBJECT, "repo:a/b:*"], **AUDIENCE})], "MLP_GITHUB_2"),
    ([role(managedPolicyArns=[BROAD])], "MLP_AWS_1"),
    ([role(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])], "MLP_AWS_1"),
    ([made(ATTACHMENT, inputs={"policyArn": BROAD})], "MLP_AWS_1"),
    ([role(assumeRolePolicy="")], "MLP_GITHUB_2"),
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
