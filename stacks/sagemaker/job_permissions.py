"""What the jobs of the pipeline may do."""

import pulumi

from shared.components.policy_document import Statement
from stacks.sagemaker.job_access import data, image, key_use, logs, metrics
from stacks.sagemaker.network import JobNetwork
from stacks.sagemaker.setting import Setting


def job_statements(setting: Setting, key_arn: pulumi.Input[str], network: JobNetwork | None) -> tuple[Statement, ...]:
    """Return the policy of the job role: its bucket, its key, its image, its logs and, in a VPC, its interfaces."""
    return (
        *data(setting),
        *key_use(key_arn),
        *image(setting),
        *logs(setting),
        *metrics(),
        *(_interfaces(setting, network) if network else ()),
    )


def _interfaces(setting: Setting, network: JobNetwork) -> tuple[Statement, ...]:
    any_interface = setting.arn("ec2", "network-interface/*")
    subnets = [pulumi.Output.concat(setting.arn("ec2", "subnet/"), subnet_id) for subnet_id in network.subnet_ids]
    group = pulumi.Output.concat(setting.arn("ec2", "security-group/"), network.security_group_id)
    return (
        Statement(
            sid="CreateInterfaces", actions=["ec2:CreateNetworkInterface"], resources=[*subnets, group, any_interface]
        ),
        Statement(
            sid="ManageInterfaces",
            actions=[
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            resources=[any_interface],
        ),
        # These actions know no resource.
        Statement(
            sid="FindNetwork",
            actions=[
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVpcs",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeSubnets",
                "ec2:DescribeSecurityGroups",
            ],
            resources=["*"],
        ),
    )
