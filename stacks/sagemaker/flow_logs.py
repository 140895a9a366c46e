"""Who talked to whom in the jobs' VPC: a flow log, its log group, and the role that writes it."""

import pulumi
from pulumi_aws import ec2

from shared.components.policy_document import Statement
from shared.components.scoped_role import ScopedRole
from stacks.sagemaker.log_groups import log_group
from stacks.sagemaker.setting import Setting


def flow_log(
    setting: Setting, *, vpc_id: pulumi.Input[str], key: pulumi.Input[str], boundary: pulumi.Input[str]
) -> ec2.FlowLog:
    """Log all traffic of the VPC. key and boundary: ARNs of the key and of the permissions boundary."""
    group = log_group(setting, "flow", setting.flow_log_group, key)
    role = ScopedRole(
        "flow-logs",
        role_name=setting.names.of("iam_role", "flow-logs"),
        description="Writes the flow log of the jobs' VPC",
        trust=flow_log_trust(setting),
        boundary_arn=boundary,
        tags=setting.tags,
    )
    granted = role.grant(flow_log_statements(setting))
    return ec2.FlowLog(
        "jobs",
        vpc_id=vpc_id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=setting.tags,
        opts=pulumi.ResourceOptions(depends_on=[granted]),
    )


def flow_log_trust(setting: Setting) -> Statement:
    """Trust the flow logs of our account and region (Amazon VPC user guide, "IAM role for publishing flow logs")."""
    return Statement(
        sid="FlowLogs",
        actions=["sts:AssumeRole"],
        principals={"Service": "vpc-flow-logs.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": setting.account},
            "ArnLike": {"aws:SourceArn": setting.arn("ec2", "vpc-flow-log/*")},
        },
    )


def flow_log_statements(setting: Setting) -> tuple[Statement, ...]:
    """Return the policy of the role: it writes to its own log group. Finding a group means looking at all of them."""
    group = setting.arn("logs", f"log-group:{setting.flow_log_group}")
    return (
        Statement(
            sid="Write",
            actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources=[group, f"{group}:*"],
        ),
        Statement(sid="Find", actions=["logs:DescribeLogGroups"], resources=[setting.arn("logs", "log-group:*")]),
    )
