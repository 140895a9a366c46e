"""An S3 bucket that is private, versioned, encrypted, logged and reached over TLS only."""

import dataclasses
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import s3

from shared.components import tokens
from shared.components.policy_document import Statement, policy_document


@dataclasses.dataclass(frozen=True, kw_only=True)
class Expiry:
    """How long objects are kept. prefix: which ones, all where it is empty. days: after the object was written."""

    prefix: str = ""
    days: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BucketSettings:
    """What one bucket is.

    name: in the whole partition. key_arn: the KMS key, or None for the key of S3 (where access logs are delivered to:
    the log service takes no customer-managed key). log_bucket: name of the bucket that takes its access logs, or None.
    statements: of the bucket's policy, beside those that every bucket has. protect: Pulumi refuses to delete it.
    force_destroy: deleting it deletes its objects, unless they are locked.
    lock_days: how long no version of an object can be deleted, or None; fixed when the bucket is made. A locked bucket
    outlives its stack, with its settings: nothing could empty it.
    """

    name: str
    key_arn: pulumi.Input[str] | None
    log_bucket: pulumi.Input[str] | None
    statements: Sequence[Statement] = ()
    expiries: Sequence[Expiry] = ()
    noncurrent_days: int = 90
    lock_days: int | None = None
    force_destroy: bool
    protect: bool


class EncryptedBucket(pulumi.ComponentResource):
    """The bucket and its settings. Depend on the component to wait for all of them."""

    bucket: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        settings: BucketSettings,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.ENCRYPTED_BUCKET, name, {}, opts)
        locked = settings.lock_days is not None
        made = s3.Bucket(
            name,
            bucket=settings.name,
            force_destroy=settings.force_destroy and not locked,
            object_lock_enabled=True if locked else None,
            tags=dict(tags),
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect, retain_on_delete=locked),
        )
        self.bucket = made.bucket
        self.arn = made.arn
        self._name = name
        self._locked = locked
        self._last: pulumi.Resource = made
        self._close(made)
        self._encrypt(made, settings)
        self._keep(made, settings)
        self._allow(made, settings)
        self._log(made, settings)
        self.register_outputs({"bucket": self.bucket, "arn": self.arn})

    def _next(self) -> pulumi.ResourceOptions:
        # S3 answers OperationAborted to two changes of one bucket at a time, and BlockPublicPolicy races the policy.
        return pulumi.ResourceOptions(parent=self, depends_on=[self._last], retain_on_delete=self._locked)

    def _close(self, made: s3.Bucket) -> None:
        self._last = s3.BucketOwnershipControls(
            self._name, bucket=made.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=self._next()
        )
        self._last = s3.BucketPublicAccessBlock(
            self._name,
            bucket=made.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._next(),
        )

    def _encrypt(self, made: s3.Bucket, settings: BucketSettings) -> None:
        own = settings.key_arn is not None
        default = s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms" if own else "AES256", kms_master_key_id=settings.key_arn
        )
        rule = s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=default, bucket_key_enabled=True if own else None
        )
        self._last = s3.BucketServerSideEncryptionConfiguration(
            self._name, bucket=made.bucket, rules=[rule], opts=self._next()
        )

    def _keep(self, made: s3.Bucket, settings: BucketSettings) -> None:
        self._last = s3.BucketVersioning(
            self._name, bucket=made.bucket, versioning_configuration={"status": "Enabled"}, opts=self._next()
        )
        if settings.lock_days is not None:
            # GOVERNANCE: who has s3:BypassGovernanceRetention may still delete. No role of the platform has it.
            self._last = s3.BucketObjectLockConfiguration(
                self._name,
                bucket=made.bucket,
                rule={"default_retention": {"mode": "GOVERNANCE", "days": settings.lock_days}},
                opts=self._next(),
            )
        self._last = s3.BucketLifecycleConfiguration(
            self._name, bucket=made.bucket, rules=_lifecycle(settings), opts=self._next()
        )

    def _allow(self, made: s3.Bucket, settings: BucketSettings) -> None:
        statements = [*transport_statements(made.arn), *settings.statements]
        self._last = s3.BucketPolicy(
            self._name, bucket=made.bucket, policy=policy_document(statements), opts=self._next()
        )

    def _log(self, made: s3.Bucket, settings: BucketSettings) -> None:
        if settings.log_bucket is not None:
            self._last = s3.BucketLogging(
                self._name,
                bucket=made.bucket,
                target_bucket=settings.log_bucket,
                target_prefix=f"{settings.name}/",
                opts=self._next(),
            )
        self._last = s3.BucketNotification(self._name, bucket=made.bucket, eventbridge=True, opts=self._next())


def transport_statements(bucket_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Return the statements that refuse requests without TLS, and with a TLS older than 1.2."""
    resources = everything_in(bucket_arn)
    return (
        Statement(
            sid="DenyInsecureTransport",
            effect="Deny",
            principals="*",
            actions=["s3:*"],
            resources=resources,
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
        Statement(
            sid="DenyOldTls",
            effect="Deny",
            principals="*",
            actions=["s3:*"],
            resources=resources,
            conditions={"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ),
    )


def everything_in(bucket_arn: pulumi.Input[str]) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Return the ARNs of the bucket and of all its objects."""
    return pulumi.Output.concat(bucket_arn), pulumi.Output.concat(bucket_arn, "/*")


def _lifecycle(settings: BucketSettings) -> list[s3.BucketLifecycleConfigurationRuleArgs]:
    tidy = s3.BucketLifecycleConfigurationRuleArgs(
        id="tidy",
        status="Enabled",
        filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=7
        ),
        noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=settings.noncurrent_days
        ),
    )
    return [tidy, *(_expiry_rule(expiry) for expiry in settings.expiries)]


def _expiry_rule(expiry: Expiry) -> s3.BucketLifecycleConfigurationRuleArgs:
    return s3.BucketLifecycleConfigurationRuleArgs(
        id=f"expire-{expiry.prefix.strip('/') or 'all'}",
        status="Enabled",
        filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=expiry.prefix),
        expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=expiry.days),
    )
