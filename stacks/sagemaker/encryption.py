"""The one customer-managed key of everything on AWS, and who may use it for what."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import kms

from shared.components.policy_document import Statement, policy_document
from stacks.sagemaker.log_groups import log_group_names
from stacks.sagemaker.roles import PipelineRoles
from stacks.sagemaker.setting import Setting

_ADMINISTRATION = (
    "kms:Create*",
    "kms:Describe*",
    "kms:Enable*",
    "kms:List*",
    "kms:Put*",
    "kms:Update*",
    "kms:Revoke*",
    "kms:Disable*",
    "kms:Get*",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:ScheduleKeyDeletion",
    "kms:CancelKeyDeletion",
)


def encryption_key(setting: Setting, roles: PipelineRoles, deploy_role_arn: pulumi.Input[str]) -> kms.Key:
    """Make the key and its alias. KMS refuses a policy that names a role which does not exist yet."""
    statements = key_statements(setting, job=roles.job.arn, pipeline=roles.pipeline.arn, deploy=deploy_role_arn)
    key = kms.Key(
        "key",
        description=f"Data, models and volumes of {setting.environment.platform} {setting.environment.name}",
        enable_key_rotation=True,
        rotation_period_in_days=365,
        deletion_window_in_days=setting.environment.sagemaker.key_deletion_days,
        policy=policy_document(statements),
        tags=setting.tags,
        opts=pulumi.ResourceOptions(
            protect=setting.environment.protection.deletion,
            # Locked objects outlive the stack (docs/adr/0011), and are unreadable without their key.
            retain_on_delete=setting.environment.sagemaker.object_lock_days is not None,
        ),
    )
    kms.Alias("key", name=f"alias/{setting.names.of('kms_alias')}", target_key_id=key.key_id)
    return key


def key_statements(
    setting: Setting, *, job: pulumi.Input[str], pipeline: pulumi.Input[str], deploy: pulumi.Input[str]
) -> tuple[Statement, ...]:
    """Return the key's policy. The arguments are the ARNs of the roles."""
    return (
        # Without the account itself, IAM policies would not count and a deleted role could lock everybody out.
        _statement("Account", ["kms:*"], {"AWS": f"arn:aws:iam::{setting.account}:root"}),
        _statement("Administration", _ADMINISTRATION, {"AWS": deploy}),
        _statement(
            "Upload", ["kms:GenerateDataKey"], {"AWS": deploy}, {"StringEquals": {"kms:ViaService": _s3(setting)}}
        ),
        _statement(
            "Use",
            ["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            {"AWS": [job, pipeline]},
        ),
        _statement(
            "Volumes",
            ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            {"AWS": job},
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        *_log_groups(setting),
    )


def _log_groups(setting: Setting) -> tuple[Statement, ...]:
    groups = [setting.arn("logs", f"log-group:{name}") for name in log_group_names(setting)]
    if not groups:
        return ()
    return (
        _statement(
            "Logs",
            ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            {"Service": f"logs.{setting.region}.amazonaws.com"},
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        ),
    )


def _s3(setting: Setting) -> str:
    return f"s3.{setting.region}.amazonaws.com"


def _statement(
    sid: str,
    actions: list[str] | tuple[str, ...],
    principals: dict[str, pulumi.Input[str] | list[pulumi.Input[str]]],
    conditions: dict[str, Mapping[str, str | list[str]]] | None = None,
) -> Statement:
    # In a key's policy the resource "*" is the key itself.
    return Statement(
        sid=sid, actions=actions, resources=["*"], principals=principals, conditions={**(conditions or {})}
    )
