"""The bucket of artifacts, the bucket of its access logs, and who is kept out of them."""

from collections.abc import Mapping, Sequence

import pulumi

from shared.components.encrypted_bucket import BucketSettings, EncryptedBucket, Expiry
from shared.components.policy_document import Statement
from stacks.sagemaker import layout
from stacks.sagemaker.setting import Setting


def artifact_bucket(
    setting: Setting,
    *,
    key_arn: pulumi.Input[str],
    s3_endpoint_id: pulumi.Input[str] | None,
    outside_roles: Sequence[pulumi.Input[str]],
) -> EncryptedBucket:
    """Make both buckets and return the one of artifacts.

    s3_endpoint_id: the only way in, or None where there is no VPC. outside_roles: ARNs of the roles that come another
    way: SageMaker reads evaluations for the pipeline, GitHub Actions deploys, Azure reads models.
    """
    protection = setting.environment.protection.deletion
    logs = _log_bucket(setting)
    statements = [encrypted_puts(setting, key_arn)]
    if s3_endpoint_id is not None:
        statements.append(inside_only(setting, s3_endpoint_id, outside_roles))
    days = setting.environment.sagemaker.artifact_expiry_days
    return EncryptedBucket(
        "artifacts",
        settings=BucketSettings(
            name=setting.artifact_bucket,
            key_arn=key_arn,
            log_bucket=logs.bucket,
            statements=statements,
            # Not code and definitions: they expire with the pipeline that uses them.
            expiries=[Expiry(prefix=f"{part}/", days=days) for part in layout.MADE_BY_JOBS] if days else [],
            lock_days=setting.environment.sagemaker.object_lock_days,
            force_destroy=not protection,
            protect=protection,
        ),
        tags=setting.tags,
        opts=pulumi.ResourceOptions(depends_on=[logs]),
    )


def _log_bucket(setting: Setting) -> EncryptedBucket:
    name = setting.names.of("s3_bucket", "access-logs")
    return EncryptedBucket(
        "access-logs",
        settings=BucketSettings(
            name=name,
            key_arn=None,
            log_bucket=None,
            statements=[log_delivery(setting, name)],
            expiries=[Expiry(days=setting.environment.logs.retention_days)],
            force_destroy=not setting.environment.protection.deletion,
            protect=setting.environment.protection.deletion,
        ),
        tags=setting.tags,
    )


def log_delivery(setting: Setting, name: str) -> Statement:
    """Let S3 deliver the access logs of our bucket, and of no other account's."""
    return Statement(
        sid="LogDelivery",
        principals={"Service": "logging.s3.amazonaws.com"},
        actions=["s3:PutObject"],
        resources=[f"arn:aws:s3:::{name}/*"],
        conditions={
            "StringEquals": {"aws:SourceAccount": setting.account},
            "ArnLike": {"aws:SourceArn": setting.artifact_bucket_arn},
        },
    )


def encrypted_puts(setting: Setting, key_arn: pulumi.Input[str]) -> Statement:
    """Refuse objects that are encrypted with another key, or whose writer names no key.

    A negated condition holds too where the request has no such header.
    """
    return Statement(
        sid="DenyUnencryptedPut",
        effect="Deny",
        principals="*",
        actions=["s3:PutObject"],
        resources=[f"{setting.artifact_bucket_arn}/*"],
        conditions={"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn}},
    )


def inside_only(
    setting: Setting, s3_endpoint_id: pulumi.Input[str], outside_roles: Sequence[pulumi.Input[str]]
) -> Statement:
    """Refuse reading and writing from outside the VPC, except by the named roles."""
    conditions: dict[str, Mapping[str, pulumi.Input[str] | Sequence[pulumi.Input[str]]]] = {
        "StringNotEquals": {"aws:SourceVpce": s3_endpoint_id},
        "ArnNotEquals": {"aws:PrincipalArn": list(outside_roles)},
        "Bool": {"aws:ViaAWSService": "false"},
    }
    return Statement(
        sid="DenyOutsideVpce",
        effect="Deny",
        principals="*",
        actions=["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        resources=[setting.artifact_bucket_arn, f"{setting.artifact_bucket_arn}/*"],
        conditions=conditions,
    )
