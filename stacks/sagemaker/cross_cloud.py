"""The role that lets the training identity on Azure read models, with its Entra token and without keys."""

import pulumi
from pulumi_aws import iam

from shared.components.policy_document import Statement
from shared.components.scoped_role import ScopedRole
from shared.contracts import IdentityOutputs
from stacks.sagemaker import layout
from stacks.sagemaker.job_access import objects
from stacks.sagemaker.setting import Setting


def cross_cloud_role(setting: Setting, identity: IdentityOutputs) -> ScopedRole:
    """Make the role for the training identity of our Entra tenant, without permissions."""
    issuer = pulumi.Output.concat("login.microsoftonline.com/", identity.tenant_id, "/v2.0")
    return ScopedRole(
        "azure-training",
        role_name=setting.names.of("iam_role", "azure-training"),
        description="Lets the training identity on Azure read models",
        trust=entra_trust(
            _provider_arn(setting, issuer, identity.app_client_id),
            issuer,
            audience=identity.app_client_id,
            subject=identity.principals["compute"],
        ),
        boundary_arn=identity.aws_permissions_boundary_arn,
        tags=setting.tags,
    )


def _provider_arn(setting: Setting, issuer: pulumi.Output[str], client_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the ARN of the account's trust in our tenant, which is made here or, for all environments, elsewhere.

    An account has one provider per URL, and its ARN follows from the URL. One that another environment made must have
    our application's client id among its audiences: nobody but its maker can add it.
    """
    if not setting.environment.aws.create_entra_provider:
        return pulumi.Output.concat(f"arn:aws:iam::{setting.account}:oidc-provider/", issuer)
    made = iam.OpenIdConnectProvider(
        "entra", url=pulumi.Output.concat("https://", issuer), client_id_lists=[client_id], tags=setting.tags
    )
    return made.arn


def entra_trust(
    provider_arn: pulumi.Input[str],
    issuer: pulumi.Output[str],
    *,
    audience: pulumi.Input[str],
    subject: pulumi.Input[str],
) -> Statement:
    """Trust one identity of the tenant, and only with a token that was made for our application.

    issuer: without its scheme. The names of the conditions hold it, and JSON has no outputs as keys.
    """
    conditions = pulumi.Output.all(issuer=issuer, audience=audience, subject=subject).apply(
        lambda facts: {f"{facts['issuer']}:aud": facts["audience"], f"{facts['issuer']}:sub": facts["subject"]}
    )
    return Statement(
        sid="AzureTraining",
        actions=["sts:AssumeRoleWithWebIdentity"],
        principals={"Federated": provider_arn},
        conditions={"StringEquals": conditions},
    )


def read_models(setting: Setting, key_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Return the policy of the role: models and nothing else, read and nothing else."""
    prefix = f"{layout.MODELS}/*"
    return (
        Statement(
            sid="List",
            actions=["s3:ListBucket"],
            resources=[setting.artifact_bucket_arn],
            conditions={"StringLike": {"s3:prefix": prefix}},
        ),
        Statement(sid="Read", actions=["s3:GetObject"], resources=objects(setting, (layout.MODELS,))),
        Statement(
            sid="Decrypt",
            actions=["kms:Decrypt"],
            resources=[key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"s3.{setting.region}.amazonaws.com"}},
        ),
    )
