"""The log groups of the stack: encrypted with our key, and kept as long as the environment says.

They are deleted with the stack (docs/adr/0011): the key that encrypts them goes too, and a group that stays behind
would be unreadable, and in the way of the next deployment.
"""

from typing import Final

import pulumi
from pulumi_aws import cloudwatch

from stacks.sagemaker.setting import Setting

JOB_GROUPS: Final = {
    "training-jobs": "/aws/sagemaker/TrainingJobs",
    "processing-jobs": "/aws/sagemaker/ProcessingJobs",
}
"""Where SageMaker writes what jobs print, by logical name. Every account and region has one of each."""

# API PutRetentionPolicy of Amazon CloudWatch Logs.
_RETENTIONS: Final = (30, 60, 90, 120, 150, 180, 365, 400, 545, 731)


def job_log_groups(setting: Setting, key: pulumi.Input[str]) -> tuple[cloudwatch.LogGroup, ...]:
    """Make the log groups of jobs, where this environment is the one of its account that has them. key: its ARN."""
    if not setting.environment.aws.create_log_groups:
        return ()
    return tuple(log_group(setting, logical, name, key) for logical, name in JOB_GROUPS.items())


def log_group(setting: Setting, logical: str, name: str, key: pulumi.Input[str]) -> cloudwatch.LogGroup:
    """Make one log group. logical: its name in the program; name: its name in the account; key: ARN of the key."""
    return cloudwatch.LogGroup(
        logical,
        name=name,
        kms_key_id=key,
        retention_in_days=retention(setting.environment.logs.retention_days),
        tags=setting.tags,
        opts=pulumi.ResourceOptions(protect=setting.environment.protection.deletion),
    )


def log_group_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the log groups that this stack makes: the key's policy names them before they exist."""
    jobs = tuple(JOB_GROUPS.values()) if setting.environment.aws.create_log_groups else ()
    return (*jobs, setting.flow_log_group) if setting.flow_logs else jobs


def retention(days: int) -> int:
    """Return the shortest retention, in days, that CloudWatch Logs offers and that is not below `days` (30 to 730)."""
    return next(offered for offered in _RETENTIONS if offered >= days)
