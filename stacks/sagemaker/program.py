"""The sagemaker stack, top to bottom: who runs jobs, what encrypts, where jobs run, where data lies, the pipeline."""

from shared.contracts import IdentityOutputs, SagemakerOutputs
from shared.environment import Environment
from stacks.sagemaker.buckets import artifact_bucket
from stacks.sagemaker.cross_cloud import cross_cloud_role, read_models
from stacks.sagemaker.data_events import start_on_new_data
from stacks.sagemaker.encryption import encryption_key
from stacks.sagemaker.flow_logs import flow_log
from stacks.sagemaker.job_permissions import job_statements
from stacks.sagemaker.log_groups import job_log_groups
from stacks.sagemaker.network import job_network
from stacks.sagemaker.pipeline_permissions import pipeline_statements
from stacks.sagemaker.pipeline_resources import (
    definition,
    definition_copy,
    model_package_group,
    training_pipeline_resource,
)
from stacks.sagemaker.roles import pipeline_roles
from stacks.sagemaker.setting import Setting
from stacks.sagemaker.training_code import training_code


def program(env: Environment, identity: IdentityOutputs) -> SagemakerOutputs:
    """Train models on SageMaker, encrypted and isolated, and let the training identity on Azure read them."""
    setting = Setting(env)
    github = identity.aws_role_arns
    roles = pipeline_roles(setting, identity.aws_permissions_boundary_arn)
    azure = cross_cloud_role(setting, identity)
    key = encryption_key(setting, roles, github["deploy"])
    groups = job_log_groups(setting, key.arn)
    network = job_network(setting, env.sagemaker.network, key.arn) if env.sagemaker.network else None
    if network and setting.flow_logs:
        flow_log(setting, vpc_id=network.vpc_id, key=key.arn, boundary=identity.aws_permissions_boundary_arn)

    permissions = [
        roles.job.grant(job_statements(setting, key.arn, network)),
        roles.pipeline.grant(pipeline_statements(setting, job_role_arn=roles.job.arn, key_arn=key.arn)),
    ]
    azure.grant(read_models(setting, key.arn))
    bucket = artifact_bucket(
        setting,
        key_arn=key.arn,
        s3_endpoint_id=network.s3_endpoint_id if network else None,
        outside_roles=[roles.pipeline.arn, azure.arn, github["deploy"], github["preview"]],
    )

    code = training_code(setting, bucket, key.arn)
    group = model_package_group(setting)
    text = definition(
        setting,
        bucket=bucket,
        code_prefix=code.prefix,
        job_role_arn=roles.job.arn,
        key_arn=key.arn,
        network=network,
    )
    definition_copy(setting, bucket, text, key.arn)
    needs = [*permissions, *groups, *code.objects, group, *(network.endpoints if network else ())]
    pipeline = training_pipeline_resource(setting, role_arn=roles.pipeline.arn, text=text, needs=needs)

    if env.sagemaker.start_on_new_data:
        start_on_new_data(setting, pipeline, identity.aws_permissions_boundary_arn)

    return SagemakerOutputs(
        sagemaker_pipeline_arn=pipeline.arn,
        sagemaker_pipeline_name=pipeline.pipeline_name,
        model_package_group_name=group.model_package_group_name,
        artifact_bucket=bucket.bucket,
        kms_key_arn=key.arn,
        job_role_arn=roles.job.arn,
        pipeline_role_arn=roles.pipeline.arn,
        cross_cloud_role_arn=azure.arn,
    )
