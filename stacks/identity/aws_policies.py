"""What each login of GitHub Actions may do on AWS."""

from collections.abc import Mapping

from shared.components.github_subject import Role
from shared.components.policy_document import Statement
from stacks.identity.aws_arns import AwsArns
from stacks.identity.iam_statement import allow, deny

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
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucket*",
    "sagemaker:Describe*",
    "sagemaker:List*",
)

_CHANGE_ROLES = (
    *("iam:CreateRole", "iam:DeleteRole", "iam:UpdateRole*", "iam:UpdateAssumeRolePolicy"),
    *("iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UntagRole"),
)
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


def login_policy(role: Role, arns: AwsArns) -> list[Statement]:
    """Return the policy of one login."""
    statements = {"preview": _preview, "deploy": _deploy, "identity": _identity}[role]
    return statements(arns)


def _preview(arns: AwsArns) -> list[Statement]:
    return [
        allow("Read", _READ_EVERYTHING_BUT_DATA, ["*"]),
        allow("ReadDefinitions", ["s3:GetObject*"], [f"{arns.bucket}/definitions/*"]),
        deny("NeverSecrets", ["secretsmanager:GetSecretValue", "ssm:GetParameter*"], ["*"]),
    ]


def _deploy(arns: AwsArns) -> list[Statement]:
    environment = arns.environment
    tagged_ours = {"aws:ResourceTag/environment": environment.name, "aws:ResourceTag/platform": environment.platform}
    made_ours = {"aws:RequestTag/environment": environment.name, "aws:RequestTag/platform": environment.platform}
    entra = arns.oidc_provider("login.microsoftonline.com/*")
    return [
        allow("Read", _READ_EVERYTHING_BUT_DATA, ["*"]),
        allow("Buckets", ["s3:CreateBucket", "s3:DeleteBucket*", "s3:Get*", "s3:List*", "s3:Put*"], [arns.bucket]),
        allow("Objects", ["s3:*Object*", "s3:AbortMultipartUpload"], [f"{arns.bucket}/*"]),
        allow("MakeKeys", ["kms:CreateKey", "kms:TagResource"], ["*"], StringEquals=made_ours),
        allow(
            "Keys",
            [
                *("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias", "kms:Put*", "kms:Update*", "kms:Enable*"),
                *("kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"),
                # Objects that it uploads are encrypted.
                *("kms:GenerateDataKey", "kms:Decrypt"),
            ],
            [arns.regional("kms", "key/*")],
            StringEquals=tagged_ours,
        ),
        allow("Aliases", ["kms:*Alias"], [arns.regional("kms", f"alias/{arns.ours}")]),
        allow(
            "MakeRoles",
            ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"],
            [arns.roles],
            StringEquals={"iam:PermissionsBoundary": arns.boundary},
        ),
        allow(
            "Roles",
            ["iam:DeleteRole", "iam:UpdateRole*", "iam:UpdateAssumeRolePolicy", "iam:TagRole", "iam:UntagRole"],
            [arns.roles],
        ),
        allow(
            "HandOver",
            ["iam:PassRole"],
            [arns.roles],
            StringEquals={"iam:PassedToService": ["sagemaker.amazonaws.com", "events.amazonaws.com"]},
        ),
        allow("TrustEntra", ["iam:*OpenIDConnectProvider*"], [entra]),
        deny("NeverItself", _CHANGE_IAM, [arns.logins, arns.boundary, arns.github_provider]),
        allow(
            "Pipelines",
            ["sagemaker:*Pipeline", "sagemaker:*ModelPackageGroup*", "sagemaker:AddTags", "sagemaker:DeleteTags"],
            [arns.regional("sagemaker", f"{kind}/{arns.ours}") for kind in ("pipeline", "model-package-group")],
        ),
        allow("Starts", ["events:*"], [arns.regional("events", f"rule/{arns.ours}")]),
        allow("Logs", ["logs:*"], [arns.regional("logs", f"log-group:{name}") for name in _log_groups(arns)]),
        *_network(arns, tagged_ours, made_ours),
    ]


def _network(arns: AwsArns, tagged_ours: Mapping[str, str], made_ours: Mapping[str, str]) -> list[Statement]:
    """Return what the VPC needs. A tag decides what is ours, so it is set on what is new, or is ours already."""
    everything = [arns.regional("ec2", "*")]
    rules = [arns.regional("ec2", "security-group-rule/*")]
    make = ("Vpc*", "Subnet", "RouteTable", "SecurityGroup", "FlowLogs", "Route")
    change = ("Delete*", "Modify*", "Associate*", "Disassociate*", "Authorize*", "UpdateSecurityGroup*", "CreateTags")
    return [
        allow("MakeNetwork", [f"ec2:Create{what}" for what in make], everything),
        allow("TagNew", ["ec2:CreateTags"], everything, Null={"ec2:CreateAction": "false"}),
        allow("ChangeNetwork", [f"ec2:{what}" for what in change], everything, StringEquals=tagged_ours),
        # A rule that is made with tags has none yet; in which group it may be made, ChangeNetwork says.
        allow("MakeRules", ["ec2:AuthorizeSecurityGroup*"], rules, StringEquals=made_ours),
        # An endpoint with private names puts a zone of Amazon's into the VPC.
        allow("PrivateNames", ["route53:AssociateVPCWithHostedZone"], ["arn:aws:route53:::hostedzone/*"]),
        # A VPC's default security group is made without tags, and is emptied.
        allow("EmptyGroups", ["ec2:RevokeSecurityGroup*"], [arns.regional("ec2", "security-group/*")]),
        allow("TagGroups", ["ec2:CreateTags"], [arns.regional("ec2", "security-group/*")], StringEquals=made_ours),
    ]


def _log_groups(arns: AwsArns) -> tuple[str, ...]:
    return ("/aws/sagemaker/*", f"{arns.ours}", f"{arns.ours}:*")


def _identity(arns: AwsArns) -> list[Statement]:
    return [
        allow("Read", ["iam:Get*", "iam:List*"], ["*"]),
        allow("Logins", _CHANGE_ROLES, [arns.logins]),
        allow("Boundary", ["iam:*Policy*"], [arns.boundary]),
        allow("TrustGitHub", ["iam:*OpenIDConnectProvider*"], [arns.github_provider]),
        # As on Azure, its own trust is changed by a person.
        deny("NeverItself", _CHANGE_IAM, [arns.login("identity")]),
    ]
