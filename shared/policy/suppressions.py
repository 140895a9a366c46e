"""The findings that we live with. Each has a reason; one that suppresses nothing is itself a finding."""

from shared.environment.tiers import Tier
from shared.policy.suppression import EVERYWHERE, Suppression

_OWNER = "ml-platform"
_DEVELOPMENT: frozenset[Tier] = frozenset({"development"})
_SANDBOX: frozenset[Tier] = frozenset({"sandbox"})
_FLOW_LOGS: frozenset[Tier] = frozenset({"production", "sandbox"})
_STAGING: frozenset[Tier] = frozenset({"staging"})

_NO_PRIVATE_NETWORK = "Development has no private endpoints: identities and firewalls alone keep others out"
_KEEPS_NAME = "It is made and destroyed often, and purge protection would keep its name from being used again"

_ACCOUNT = "azure-native:storage:StorageAccount::*"
_BUCKET = "aws:s3/bucket:Bucket::*"
_FLOW_LOG_ACCOUNT = "azure-native:storage:StorageAccount::flow-logs"
_LOG_BUCKET = "aws:s3/bucket:Bucket::access-logs"
_REGISTRY = "azure-native:containerregistry:Registry::*"
_STORE = "azure-native:appconfiguration:ConfigurationStore::*"
_VAULT = "azure-native:keyvault:Vault::*"
_WORKSPACE = "azure-native:machinelearningservices:Workspace::*"


def _suppressed(check: str, resources: str, tiers: frozenset[Tier], reason: str) -> Suppression:
    return Suppression(check=check, resources=resources, tiers=tiers, reason=reason, owner=_OWNER)


_STORAGE = (
    _suppressed(
        "CKV_AZURE_33",
        _ACCOUNT,
        EVERYWHERE,
        "Classic analytics logs are retired: a diagnostic setting logs the account",
    ),
    _suppressed(
        "CKV2_AZURE_21",
        "azure-native:storage:BlobContainer::*",
        EVERYWHERE,
        "Log Analytics storage insights are retired: a diagnostic setting logs the blob service",
    ),
    _suppressed(
        "CKV_AZURE_206", _ACCOUNT, _STAGING, "Staging keeps three copies in its region: what it holds can be made again"
    ),
    _suppressed(
        "CKV2_AZURE_33",
        _FLOW_LOG_ACCOUNT,
        _FLOW_LOGS,
        "Only Azure's flow logs write to it, as a trusted service: nobody reads raw logs from our network",
    ),
    _suppressed(
        "CKV2_AZURE_38",
        _FLOW_LOG_ACCOUNT,
        _FLOW_LOGS,
        "Flow logs are written again each minute, and each write would leave a blob to recover: docs/adr/0009",
    ),
)

_IMAGES = (
    _suppressed("CKV_AZURE_164", _REGISTRY, EVERYWHERE, "Docker content trust is being retired by the service"),
    _suppressed("CKV_AZURE_165", _REGISTRY, EVERYWHERE, "An environment lives in one region, and so do its images"),
    _suppressed("CKV_AZURE_166", _REGISTRY, EVERYWHERE, "Azure ML cannot pull an image that is in quarantine"),
)

_CONFIGURATION = (
    _suppressed(
        "CKV_AZURE_186",
        _STORE,
        EVERYWHERE,
        "The key's vault lets trusted services in only, which App Configuration is not: docs/adr/0006",
    ),
)

_TRAINING_ON_AWS = (
    _suppressed("CKV_AWS_144", _BUCKET, EVERYWHERE, "An environment lives in one region; training can be run again"),
    _suppressed(
        "CKV_AWS_145", _LOG_BUCKET, EVERYWHERE, "S3 delivers access logs only to buckets with keys of its own (SSE-S3)"
    ),
    _suppressed(
        "CKV2_AWS_5",
        "aws:ec2/securityGroup:SecurityGroup::jobs",
        EVERYWHERE - _DEVELOPMENT,
        "The pipeline's definition gives this group to its jobs, in a text that Checkov does not read: see MLP_AWS_4",
    ),
    _suppressed(
        "CKV2_AWS_11",
        "aws:ec2/vpc:Vpc::jobs",
        _STAGING,
        "Flow logs cost per gigabyte: production has them, staging not",
    ),
)

_LOGINS = tuple(
    _suppressed(
        "CKV_AWS_355",
        f"aws:iam/rolePolicy:RolePolicy::gha-{role}",
        EVERYWHERE,
        "A login describes what others have made, whose names it does not know; it reads no data",
    )
    for role in ("preview", "deploy", "identity")
)

_LOGINS_ARE_WIDER = tuple(
    _suppressed(
        "MLP_AWS_6",
        f"aws:iam/role:Role::gha-{role}",
        EVERYWHERE,
        "A login makes what the boundary forbids: the boundary is for the roles that logins make",
    )
    for role in ("preview", "deploy", "identity")
)

_LOGS = (
    _suppressed(
        "CKV_AWS_338",
        "aws:cloudwatch/logGroup:LogGroup::*",
        _DEVELOPMENT | _STAGING,
        "Nobody asks after a year what a trial run did",
    ),
)

_DEVELOPMENT_IS_CHEAP = tuple(
    _suppressed(check, resources, _DEVELOPMENT, reason)
    for checks, resources, reason in (
        (("CKV_AZURE_59", "CKV2_AZURE_33"), _ACCOUNT, _NO_PRIVATE_NETWORK),
        (("CKV_AZURE_189", "CKV2_AZURE_32"), _VAULT, _NO_PRIVATE_NETWORK),
        (("CKV_AZURE_144", "CKV_AZURE_243", "CKV2_AZURE_49"), _WORKSPACE, _NO_PRIVATE_NETWORK),
        (("CKV_AZURE_185", "MLP_AZURE_2"), _STORE, _NO_PRIVATE_NETWORK),
        (("CKV_AZURE_139", "CKV_AZURE_237"), _REGISTRY, _NO_PRIVATE_NETWORK),
        (("CKV_AZURE_206", "CKV2_AZURE_1"), _ACCOUNT, "Data of development can be made again and is nobody's secret"),
        (
            ("CKV_AZURE_163", "CKV_AZURE_167", "CKV_AZURE_233"),
            _REGISTRY,
            "The tier Basic has none of this, for a tenth",
        ),
        (("CKV_AZURE_188",), _STORE, "The free tier holds all that one team's development needs"),
    )
    for check in checks
)

_THROWN_AWAY = tuple(
    _suppressed(check, resources, _DEVELOPMENT | _SANDBOX, reason)
    for check, resources, reason in (
        (
            "CKV_AZURE_42",
            _VAULT,
            "It is made and destroyed often, and purge protection would keep its name for 90 days",
        ),
        (
            "CKV_AZURE_110",
            _VAULT,
            "It is made and destroyed often, and purge protection would keep its name for 90 days",
        ),
        ("CKV_AZURE_187", _STORE, "It is made and destroyed often, and purge protection would keep its name for days"),
    )
)

_SANDBOX_IS_THROWN_AWAY = tuple(
    _suppressed("MLP_VALUE_5", resources, _SANDBOX, _KEEPS_NAME) for resources in (_VAULT, _STORE)
)

SUPPRESSIONS: tuple[Suppression, ...] = (
    *_STORAGE,
    *_IMAGES,
    *_CONFIGURATION,
    *_TRAINING_ON_AWS,
    *_LOGINS,
    *_LOGINS_ARE_WIDER,
    *_LOGS,
    *_DEVELOPMENT_IS_CHEAP,
    *_THROWN_AWAY,
    *_SANDBOX_IS_THROWN_AWAY,
)
