"""Resources that are right, and each of them once more with one thing wrong, for real Checkov to tell apart."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from shared.policy.resource import Resource
from tests.unit.policy.made_resources import account, made, vault

GROUP = "/subscriptions/s/resourceGroups/rg/providers"
GITHUB = "token.actions.githubusercontent.com"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Planted:
    """What is wrong. kind: of the resource; wrong: in one word; checks: what must fail, and pass where all is right."""

    kind: str
    wrong: str
    checks: tuple[str, ...]
    changes: dict[str, Any]

    @property
    def name(self) -> str:
        """The logical name of the resource in question."""
        return f"{self.kind}-{self.wrong}"


def _planted(kind: str, wrong: str, checks: str, **changes: Any) -> Planted:
    return Planted(kind=kind, wrong=wrong, checks=tuple(checks.split()), changes=changes)


PLANTED = (
    _planted("account", "tls", "CKV_AZURE_44", minimumTlsVersion="TLS1_0"),
    _planted("account", "http", "CKV_AZURE_3", enableHttpsTrafficOnly=False),
    _planted("account", "public", "CKV_AZURE_59", publicNetworkAccess="Enabled"),
    _planted("account", "open", "CKV_AZURE_35", networkRuleSet={"defaultAction": "Allow", "bypass": "AzureServices"}),
    _planted("account", "bypass", "CKV_AZURE_36", networkRuleSet={"defaultAction": "Deny", "bypass": "None"}),
    _planted("account", "lrs", "CKV_AZURE_206", sku={"name": "Standard_LRS"}),
    _planted("account", "anonymous", "CKV_AZURE_190 CKV2_AZURE_47", allowBlobPublicAccess=True),
    _planted("account", "keys", "CKV2_AZURE_40", allowSharedKeyAccess=True),
    _planted("account", "users", "CKV_AZURE_244", isLocalUserEnabled=True),
    _planted("account", "unencrypted", "CKV2_AZURE_1", encryption=None),
    _planted("account", "alone", "CKV2_AZURE_33", endpoint=False),
    _planted("account", "forgetting", "CKV2_AZURE_38", soft_delete=False),
    _planted("vault", "purge", "CKV_AZURE_42 CKV_AZURE_110", enablePurgeProtection=False),
    _planted("vault", "open", "CKV_AZURE_109", networkAcls={"defaultAction": "Allow"}),
    _planted("vault", "public", "CKV_AZURE_189", publicNetworkAccess="Enabled"),
    _planted("vault", "alone", "CKV2_AZURE_32", endpoint=False),
    _planted("key", "software", "CKV_AZURE_112", kty="RSA"),
    _planted("key", "eternal", "CKV_AZURE_40", rotationPolicy=None),
    _planted("workspace", "public", "CKV2_AZURE_49 CKV_AZURE_144", publicNetworkAccess="Enabled"),
    _planted("workspace", "unjoined", "CKV_AZURE_243", managedNetwork={"isolationMode": "AllowInternetOutbound"}),
    _planted("bucket", "unversioned", "CKV_AWS_21", versioning="Suspended"),
    _planted("bucket", "unencrypted", "CKV_AWS_145", algorithm="AES256"),
    _planted("bucket", "acls", "CKV_AWS_53", blocked={"blockPublicAcls": False}),
    _planted("bucket", "policies", "CKV_AWS_54", blocked={"blockPublicPolicy": False}),
    _planted("bucket", "unlogged", "CKV_AWS_18", logged=False),
    _planted("role", "administrator", "CKV_AWS_274", managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
    _planted("role", "anybody", "CKV_AWS_60", trusted={"AWS": "*"}),
    _planted("role", "forks", "CKV_AWS_393", subject="repo:*"),
    _planted("policy", "star", "CKV_AWS_62 CKV_AWS_355", Action="*", Resource="*"),
    _planted("kms", "fixed", "CKV_AWS_7", rotated=False),
    _planted("kms", "anybody", "CKV_AWS_33", principal="*"),
    _planted("configuration", "keys", "CKV_AZURE_184", disableLocalAuth=False),
    _planted("registry", "admin", "CKV_AZURE_137", adminUserEnabled=True),
    _planted("cluster", "ssh", "CKV_AZURE_142", disableLocalAuth=False),
    _planted("firewall", "ssh", "CKV_AZURE_10", destinationPortRange="22"),
    _planted("firewall", "rdp", "CKV_AZURE_9", destinationPortRange="3000-4000"),
    _planted("firewall", "http", "CKV_AZURE_160", destinationPortRange="80"),
)


def estate() -> list[Resource]:
    """Return everything: of each kind one that is right, named after the kind, and the planted ones."""
    right = [Planted(kind=kind, wrong="", checks=(), changes={}) for kind in dict.fromkeys(one.kind for one in PLANTED)]
    found: list[Resource] = []
    for number, one in enumerate([*right, *PLANTED]):
        name = one.name if one.wrong else one.kind
        found += _MAKERS[one.kind](name, number, **one.changes)
    return found


def _account(
    name: str, number: int, *, endpoint: bool = True, soft_delete: bool = True, **changes: Any
) -> Iterator[Resource]:
    made_name = f"stsample{number}"
    one = account(name, accountName=made_name, **changes)
    id_ = f"{GROUP}/Microsoft.Storage/storageAccounts/{made_name}"
    yield dataclasses.replace(one, id=id_, outputs={"name": made_name, "azureApiVersion": "2024-01-01"})
    retention = {"enabled": soft_delete, "days": 30}
    inputs = {"accountName": made_name, "blobServicesName": "default", "deleteRetentionPolicy": retention}
    yield made("azure-native:storage:BlobServiceProperties", name, inputs=inputs)
    if endpoint:
        yield _endpoint(name, id_)


def _vault(name: str, number: int, *, endpoint: bool = True, **changes: Any) -> Iterator[Resource]:
    one = vault(name, **changes)
    yield one
    if endpoint:
        yield _endpoint(name, one.id)


def _endpoint(name: str, target: str) -> Resource:
    connection = {"name": "one", "privateLinkServiceId": target, "groupIds": ["one"]}
    inputs = {"privateEndpointName": f"pep-{name}", "privateLinkServiceConnections": [connection]}
    return made("azure-native:network:PrivateEndpoint", name, inputs=inputs)


def _key(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    properties = {"kty": "RSA-HSM", "keySize": 3072, "rotationPolicy": {"attributes": {"expiryTime": "P2Y"}}}
    inputs = {"vaultName": "kv", "keyName": name, "properties": {**properties, **changes}}
    yield made("azure-native:keyvault:Key", name, inputs=inputs)


def _workspace(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    rule = {"type": "PrivateEndpoint", "category": "UserDefined", "destination": {"subresourceTarget": "queue"}}
    inputs = {
        "workspaceName": name,
        "publicNetworkAccess": "Disabled",
        "managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound", "outboundRules": {"queue": rule}},
    }
    yield made("azure-native:machinelearningservices:Workspace", name, inputs={**inputs, **changes})


def _bucket(
    name: str,
    number: int,
    *,
    versioning: str = "Enabled",
    algorithm: str = "aws:kms",
    blocked: dict[str, bool] | None = None,
    logged: bool = True,
) -> Iterator[Resource]:
    bucket = made("aws:s3/bucket:Bucket", name, id_=f"s3-{name}", inputs={"bucket": f"s3-{name}"})
    yield bucket
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    parts: dict[str, dict[str, Any]] = {
        "bucketVersioning:BucketVersioning": {"versioningConfiguration": {"status": versioning}},
        "bucketPublicAccessBlock:BucketPublicAccessBlock": {**dict.fromkeys(flags, True), **(blocked or {})},
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm, "kmsMasterKeyId": "key"}}]
        },
    }
    if logged:
        parts["bucketLogging:BucketLogging"] = {"targetBucket": "s3-logs", "targetPrefix": "x/"}
    for type_, inputs in parts.items():
        told = {"bucket": bucket.id, **inputs}
        yield made(f"aws:s3/{type_}", name, id_=bucket.id, inputs=told, dependencies=(bucket.urn,))


def _role(
    name: str,
    number: int,
    *,
    trusted: dict[str, str] | None = None,
    subject: str = "repo:example@1/infra@2:environment:prod",
    **inputs: Any,
) -> Iterator[Resource]:
    federated = {"Federated": f"arn:aws:iam::000000000000:oidc-provider/{GITHUB}"}
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": trusted or federated}
    if trusted is None:
        equal = {f"{GITHUB}:sub": subject, f"{GITHUB}:aud": "sts.amazonaws.com"}
        statement |= {"Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": equal}}
    else:
        statement |= {"Action": "sts:AssumeRole"}
    yield made("aws:iam/role:Role", name, inputs={"assumeRolePolicy": _document(statement), **inputs})


def _policy(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::ours/*"], **changes}
    yield made("aws:iam/rolePolicy:RolePolicy", name, inputs={"role": "someone", "policy": _document(statement)})


def _kms(
    name: str, number: int, *, principal: str = "arn:aws:iam::000000000000:root", rotated: bool = True
) -> Iterator[Resource]:
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": principal}}
    inputs = {"enableKeyRotation": rotated, "policy": _document(statement)}
    yield made("aws:kms/key:Key", name, inputs=inputs)


def _configuration(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    inputs = {"configStoreName": name, "disableLocalAuth": True, "sku": {"name": "standard"}, **changes}
    yield made("azure-native:appconfiguration:ConfigurationStore", name, inputs=inputs)


def _registry(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    inputs = {"registryName": name, "adminUserEnabled": False, "sku": {"name": "Premium"}, **changes}
    yield made("azure-native:containerregistry:Registry", name, inputs=inputs)


def _cluster(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    nodes = {"scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2}}
    properties = {"computeType": "AmlCompute", "disableLocalAuth": True, "properties": nodes, **changes}
    inputs = {"workspaceName": "mlw", "computeName": name, "properties": properties}
    yield made("azure-native:machinelearningservices:Compute", name, inputs=inputs)


def _firewall(name: str, number: int, **changes: Any) -> Iterator[Resource]:
    rule = {
        "name": "in",
        "access": "Allow",
        "direction": "Inbound",
        "priority": 100,
        "protocol": "Tcp",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "443",
    }
    inputs = {"networkSecurityGroupName": name, "securityRules": [{**rule, **changes}]}
    yield made("azure-native:network:NetworkSecurityGroup", name, inputs=inputs)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_MAKERS = {
    "account": _account,
    "bucket": _bucket,
    "cluster": _cluster,
    "configuration": _configuration,
    "firewall": _firewall,
    "key": _key,
    "kms": _kms,
    "policy": _policy,
    "registry": _registry,
    "role": _role,
    "vault": _vault,
    "workspace": _workspace,
}
