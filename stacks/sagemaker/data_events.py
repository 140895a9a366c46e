"""The pipeline starts when a batch of raw data is complete.

One event starts one execution. A batch is many objects, so what starts is the marker that its writer leaves last; and
it is below the folder of raw data, where no job may write, so that no execution starts another.
"""

import json

import pulumi
from pulumi_aws import cloudwatch, sagemaker

from shared.components.policy_document import Statement
from shared.components.scoped_role import ScopedRole
from stacks.sagemaker import layout
from stacks.sagemaker.pipeline.training import INPUT_PARAMETER, raw_data
from stacks.sagemaker.setting import Setting


def start_on_new_data(setting: Setting, pipeline: sagemaker.Pipeline, boundary: pulumi.Input[str]) -> None:
    """Make the rule, its target and the role that the rule starts the pipeline as. boundary: its ARN."""
    rule = cloudwatch.EventRule(
        "new-data",
        name=setting.start_rule,
        description="A batch of raw data is complete",
        event_pattern=json.dumps(event_pattern(setting), sort_keys=True),
        state="ENABLED",
        tags=setting.tags,
    )
    role = ScopedRole(
        "start",
        role_name=setting.names.of("iam_role", "start"),
        description="Starts the training pipeline when new data is complete",
        trust=start_trust(setting),
        boundary_arn=boundary,
        tags=setting.tags,
    )
    granted = role.grant(start_statements(pipeline.arn))
    # Without a parameter the provider fails on the empty block.
    parameter = cloudwatch.EventTargetSagemakerPipelineTargetPipelineParameterListArgs(
        name=INPUT_PARAMETER, value=raw_data(setting.artifact_bucket)
    )
    cloudwatch.EventTarget(
        "new-data",
        rule=rule.name,
        target_id="training",
        arn=pipeline.arn,
        role_arn=role.arn,
        sagemaker_pipeline_target=cloudwatch.EventTargetSagemakerPipelineTargetArgs(
            pipeline_parameter_lists=[parameter]
        ),
        retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 5},
        opts=pulumi.ResourceOptions(depends_on=[granted]),
    )


def event_pattern(setting: Setting) -> dict[str, object]:
    """Return which events count: a marker was written in the folder of raw data, or below it."""
    markers = [f"{layout.RAW}/{layout.COMPLETE}", {"wildcard": f"{layout.RAW}/*/{layout.COMPLETE}"}]
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "account": [setting.account],
        "detail": {"bucket": {"name": [setting.artifact_bucket]}, "object": {"key": markers}},
    }


def start_trust(setting: Setting) -> Statement:
    """Trust EventBridge, on behalf of our rule only (Amazon's "confused deputy prevention")."""
    return Statement(
        sid="EventBridge",
        actions=["sts:AssumeRole"],
        principals={"Service": "events.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": setting.account},
            "ArnEquals": {"aws:SourceArn": setting.arn("events", f"rule/{setting.start_rule}")},
        },
    )


def start_statements(pipeline_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Return the policy of the role: it starts our pipeline."""
    return (Statement(sid="Start", actions=["sagemaker:StartPipelineExecution"], resources=[pipeline_arn]),)
