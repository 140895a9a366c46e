"""What each login of GitHub Actions may do on AWS.

Actions that change something are named one by one: those that the AWS provider calls for the resources of the stacks
(Amazon's "Service Authorization Reference"). Actions that read settings are named by their beginnings.
"""

from collections.abc import Mapping

from shared.components.github_subject import Role
from shared.components.policy_document import Statement
from stacks.identity.aws_arns import AwsArns
from stacks.identity.aws_network_policy import network_statements
from stacks.identity.iam_statement import allow, deny, deny_outside

_READ_EVERYTHING_BUT_DATA = (
    "ec2:Describe*",
    "events:Describe*",
    "events:List*",
    "iam:Get*",
    "iam:List*",
    "kms:Describe*",
    "kms:GetKey*",
    "kms:List*",
    "logs:Describe*",
    "logs:List*",
    "s3:GetAccelerateConfiguration",
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket*",
    "sagemaker:Describe*",
    "sagemaker:List*",
)

_CHANGE_ROLES = (
    *("iam:CreateRole", "iam:DeleteRole", "iam:UpdateRole", "iam:UpdateRoleDescription"),
    *("iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UntagRole"),
)
_CHANGE_PROVIDER = tuple(
    f"iam:{verb}OpenIDConnectProvider{rest}"
    for verb, rest in (
        *(("Create", ""), ("Delete", ""), ("Tag", ""), ("Untag", ""), ("Update", "Thumbprint")),
        *(("AddClientIDTo", ""), ("RemoveClientIDFrom", "")),
    )
)
# For denials, where wide is safe.
_CHANGE_IAM = tuple(
    f"iam:{verb}*"
    for verb in (
        "Add",
        "Attach",
        "Create",
        "Delete",
        "Detach",
        "Pass",
        "Put",
        "Remove",
        "Set",
        "Tag",
        "Untag",
        "Update",
    )
)
_USED_BY = ("sagemaker.amazonaws.com", "events.amazonaws.com", "vpc-flow-logs.amazonaws.com")
# What the deploy login uploads: copies of definitions for audits, and the code of jobs.
_UPLOADS = ("definitions", "code")


def login_policy(role: Role, arns: AwsArns) -> list[Statement]:
    """Return the policy of one login."""
    statements = {"preview": _preview, "deploy": _deploy, "identity": _identity}[role]
    return statements(arns)


def _preview(arns: AwsArns) -> list[Statement]:
    definitions = [f"{arns.bucket}/definitions/*"]
    return [
        allow("Read", _READ_EVERYTHING_BUT_DATA, ["*"]),
        allow("ReadDefinitions", ["s3:GetObject"], definitions),
        # Whatever the policy of a bucket allows.
        deny_outside("NeverData", ["s3:GetObject*"], definitions),
        deny("NeverSecrets", ["secretsmanager:GetSecretValue", "ssm:GetParameter*"], ["*"]),
    ]


def _deploy(arns: AwsArns) -> list[Statement]:
    environment = arns.environment
    tagged_ours = {"aws:ResourceTag/environment": environment.name, "aws:ResourceTag/platform": environment.platform}
    made_ours = {"aws:RequestTag/environment": environment.name, "aws:RequestTag/platform": environment.platform}
    return [
        allow("Read", _READ_EVERYTHING_BUT_DATA, ["*"]),
        *_storage(arns),
        *_keys(arns, tagged_ours, made_ours),
        *_roles(arns),
        *_pipelines(arns),
        *network_statements(arns, tagged_ours, made_ours),
        deny("NeverItself", _CHANGE_IAM, [arns.logins, arns.boundary, arns.github_provider]),
    ]


def _storage(arns: AwsArns) -> list[Statement]:
    settings = (
        *("Logging", "Notification", "ObjectLockConfiguration", "OwnershipControls", "Policy"),
        *("PublicAccessBlock", "Tagging", "Versioning"),
    )
    deletions = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    emptied = not arns.environment.protection.deletion
    return [
        allow(
            "Buckets",
            [
                *("s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy"),
                *(f"s3:PutBucket{setting}" for setting in settings),
                *("s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"),
            ],
            [arns.bucket],
        ),
        allow(
            "Uploads",
            [
                *("s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"),
                *("s3:GetObject", "s3:GetObjectTagging", *deletions),
            ],
            [f"{arns.bucket}/{folder}/*" for folder in _UPLOADS],
        ),
        # Where nothing is protected, a bucket is emptied before it is deleted.
        *([allow("EmptyBuckets", deletions, [f"{arns.bucket}/*"])] if emptied else []),
    ]


def _keys(arns: AwsArns, tagged_ours: Mapping[str, str], made_ours: Mapping[str, str]) -> list[Statement]:
    aliases = ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"]
    return [
        allow("MakeKeys", ["kms:CreateKey", "kms:TagResource"], ["*"], StringEquals=made_ours),
        allow(
            "Keys",
            [
                *aliases,
                *("kms:PutKeyPolicy", "kms:UpdateKeyDescription", "kms:EnableKeyRotation"),
                *("kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion"),
                # Objects that it uploads are encrypted.
                *("kms:GenerateDataKey", "kms:Decrypt"),
            ],
            [arns.regional("kms", "key/*")],
            StringEquals=tagged_ours,
        ),
        allow("Aliases", aliases, [arns.regional("kms", f"alias/{arns.ours}")]),
    ]


def _roles(arns: AwsArns) -> list[Statement]:
    bounded = ("iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy")
    return [
        allow(
            "MakeRoles",
            [*bounded, "iam:PutRolePermissionsBoundary"],
            [arns.roles],
            StringEquals={"iam:PermissionsBoundary": arns.boundary},
        ),
        allow("Roles", [one for one in _CHANGE_ROLES if one not in bounded], [arns.roles]),
        allow("HandOver", ["iam:PassRole"], [arns.roles], StringEquals={"iam:PassedToService": _USED_BY}),
        allow("TrustEntra", _CHANGE_PROVIDER, [arns.entra_provider]),
    ]


def _pipelines(arns: AwsArns) -> list[Statement]:
    kinds = {"pipeline": "Pipeline", "model-package-group": "ModelPackageGroup"}
    return [
        allow(
            "Pipelines",
            [
                *(f"sagemaker:{verb}{kind}" for kind in kinds.values() for verb in ("Create", "Delete")),
                *("sagemaker:UpdatePipeline", "sagemaker:AddTags", "sagemaker:DeleteTags"),
            ],
            [arns.regional("sagemaker", f"{kind}/{arns.ours}") for kind in kinds],
        ),
        allow(
            "Starts",
            [
                *("events:PutRule", "events:DeleteRule", "events:PutTargets", "events:RemoveTargets"),
                *("events:TagResource", "events:UntagResource"),
            ],
            [arns.regional("events", f"rule/{arns.ours}")],
        ),
        allow(
            "Logs",
            [
                *("logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy"),
                *("logs:AssociateKmsKey", "logs:TagResource", "logs:UntagResource"),
            ],
            arns.log_groups,
        ),
    ]


def _identity(arns: AwsArns) -> list[Statement]:
    return [
        allow("Read", ["iam:Get*", "iam:List*"], ["*"]),
        allow("Logins", _CHANGE_ROLES, [arns.logins]),
        allow(
            "Boundary",
            [
                *("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion"),
                *("iam:TagPolicy", "iam:UntagPolicy"),
            ],
            [arns.boundary],
        ),
        allow("TrustGitHub", _CHANGE_PROVIDER, [arns.github_provider]),
        # As on Azure, its own trust is changed by a person.
        deny("NeverItself", _CHANGE_IAM, [arns.login("identity")]),
    ]
