"""Who may become a role on AWS."""

from collections.abc import Mapping
from typing import Final

from shared.permissions.reviewed.model import ReviewedStatement

AWS_TRUST: Final[Mapping[str, tuple[ReviewedStatement, ...]]] = {
    "trust of azure-training": (
        ReviewedStatement(
            sid="AzureTraining",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "login.microsoftonline.com/tenant_id/v2.0:aud": ("app_client_id",),
                    "login.microsoftonline.com/tenant_id/v2.0:sub": ("principals/compute",),
                }
            },
            principals=("Federated {Entra}",),
            needed_by=("azure-native:machinelearningservices:Compute",),
            why="one identity of our tenant, with a token for our application",
        ),
    ),
    "trust of flow-logs": (
        ReviewedStatement(
            sid="FlowLogs",
            actions=("sts:AssumeRole",),
            conditions={
                "ArnLike": {"aws:SourceArn": ("arn:aws:ec2:{region}:{account}:vpc-flow-log/*",)},
                "StringEquals": {"aws:SourceAccount": ("{account}",)},
            },
            principals=("Service vpc-flow-logs.amazonaws.com",),
            needed_by=("aws:ec2/flowLog:FlowLog",),
            why="flow logs of our account only",
            when=("flow log of the VPC",),
        ),
    ),
    "trust of gha-deploy": (
        ReviewedStatement(
            sid="GitHubActions",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",),
                    "token.actions.githubusercontent.com:sub": ("{github}:environment:{environment}",),
                },
                "StringLike": {
                    "token.actions.githubusercontent.com:job_workflow_ref": (
                        "{repository}/.github/workflows/deploy.yml@refs/heads/main",
                    )
                },
            },
            principals=("Federated {GitHub}",),
            why="one GitHub environment and one workflow on main",
            when=("no repository id",),
        ),
        ReviewedStatement(
            sid="GitHubActions",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",),
                    "token.actions.githubusercontent.com:repository_id": ("{repository_id}",),
                    "token.actions.githubusercontent.com:sub": ("{github}:environment:{environment}",),
                },
                "StringLike": {
                    "token.actions.githubusercontent.com:job_workflow_ref": (
                        "{repository}/.github/workflows/deploy.yml@refs/heads/main",
                    )
                },
            },
            principals=("Federated {GitHub}",),
            why="one GitHub environment and one workflow on main",
            when=("repository id",),
        ),
    ),
    "trust of gha-identity": (
        ReviewedStatement(
            sid="GitHubActions",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",),
                    "token.actions.githubusercontent.com:sub": ("{github}:environment:{environment}-identity",),
                },
                "StringLike": {
                    "token.actions.githubusercontent.com:job_workflow_ref": (
                        "{repository}/.github/workflows/deploy.yml@refs/heads/main",
                    )
                },
            },
            principals=("Federated {GitHub}",),
            why="one GitHub environment and one workflow on main",
            when=("no repository id",),
        ),
        ReviewedStatement(
            sid="GitHubActions",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",),
                    "token.actions.githubusercontent.com:repository_id": ("{repository_id}",),
                    "token.actions.githubusercontent.com:sub": ("{github}:environment:{environment}-identity",),
                },
                "StringLike": {
                    "token.actions.githubusercontent.com:job_workflow_ref": (
                        "{repository}/.github/workflows/deploy.yml@refs/heads/main",
                    )
                },
            },
            principals=("Federated {GitHub}",),
            why="one GitHub environment and one workflow on main",
            when=("repository id",),
        ),
    ),
    "trust of gha-preview": (
        ReviewedStatement(
            sid="GitHubActions",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",),
                    "token.actions.githubusercontent.com:sub": ("{github}:environment:{environment}-preview",),
                }
            },
            principals=("Federated {GitHub}",),
            why="one GitHub environment",
            when=("no repository id",),
        ),
        ReviewedStatement(
            sid="GitHubActions",
            actions=("sts:AssumeRoleWithWebIdentity",),
            conditions={
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",),
                    "token.actions.githubusercontent.com:repository_id": ("{repository_id}",),
                    "token.actions.githubusercontent.com:sub": ("{github}:environment:{environment}-preview",),
                }
            },
            principals=("Federated {GitHub}",),
            why="one GitHub environment",
            when=("repository id",),
        ),
    ),
    "trust of job": (
        ReviewedStatement(
            sid="SageMaker",
            actions=("sts:AssumeRole",),
            conditions={
                "ArnLike": {"aws:SourceArn": ("arn:aws:sagemaker:{region}:{account}:*",)},
                "StringEquals": {"aws:SourceAccount": ("{account}",)},
            },
            principals=("Service sagemaker.amazonaws.com",),
            needed_by=("aws:sagemaker/pipeline:Pipeline",),
            why="SageMaker, for our account only",
        ),
    ),
    "trust of pipeline": (
        ReviewedStatement(
            sid="SageMaker",
            actions=("sts:AssumeRole",),
            conditions={
                "ArnLike": {"aws:SourceArn": ("arn:aws:sagemaker:{region}:{account}:*",)},
                "StringEquals": {"aws:SourceAccount": ("{account}",)},
            },
            principals=("Service sagemaker.amazonaws.com",),
            needed_by=("aws:sagemaker/pipeline:Pipeline",),
            why="SageMaker, for our account only",
        ),
    ),
    "trust of start": (
        ReviewedStatement(
            sid="EventBridge",
            actions=("sts:AssumeRole",),
            conditions={
                "ArnEquals": {"aws:SourceArn": ("arn:aws:events:{region}:{account}:rule/rule-new-data-{ours}",)},
                "StringEquals": {"aws:SourceAccount": ("{account}",)},
            },
            principals=("Service events.amazonaws.com",),
            needed_by=("aws:cloudwatch/eventTarget:EventTarget",),
            why="one rule of EventBridge",
            when=("data events",),
        ),
    ),
}
