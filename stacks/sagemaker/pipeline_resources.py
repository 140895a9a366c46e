"""The pipeline, the group that it registers models in, and the copy of its definition."""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi_aws import s3, sagemaker

from shared.components.encrypted_bucket import EncryptedBucket
from stacks.sagemaker import layout
from stacks.sagemaker.network import JobNetwork
from stacks.sagemaker.pipeline.jobs import JobVpc
from stacks.sagemaker.pipeline.training import TrainingSettings, training_pipeline
from stacks.sagemaker.pipeline.validation import validated
from stacks.sagemaker.setting import Setting
from stacks.sagemaker.training_code import uploaded


def model_package_group(setting: Setting) -> sagemaker.ModelPackageGroup:
    """Make the group that models are registered in."""
    return sagemaker.ModelPackageGroup(
        "models",
        model_package_group_name=setting.model_package_group,
        model_package_group_description="Models of the training pipeline, approved by people",
        tags=setting.tags,
    )


def definition(
    setting: Setting,
    *,
    bucket: EncryptedBucket,
    code_prefix: str,
    job_role_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    network: JobNetwork | None,
) -> pulumi.Output[str]:
    """Return the validated definition as JSON text."""
    facts: dict[str, pulumi.Input[Any]] = {"bucket": bucket.bucket, "role": job_role_arn, "key": key_arn}
    if network is not None:
        facts["subnet_ids"] = pulumi.Output.all(*network.subnet_ids)
        facts["security_group_id"] = network.security_group_id
    return pulumi.Output.all(**facts).apply(lambda known: _text(setting, code_prefix, known))


def _text(setting: Setting, code_prefix: str, facts: dict[str, Any]) -> str:
    chosen = setting.environment.sagemaker
    vpc = None
    if chosen.network is not None:
        vpc = JobVpc(subnet_ids=tuple(facts["subnet_ids"]), security_group_ids=(facts["security_group_id"],))
    settings = TrainingSettings(
        bucket=facts["bucket"],
        code=f"s3://{facts['bucket']}/{code_prefix}",
        group=setting.model_package_group,
        role=facts["role"],
        key=facts["key"],
        image=chosen.training_image,
        instance_type=chosen.instance_type,
        minimum_auc=chosen.minimum_auc,
        vpc=vpc,
    )
    return validated(training_pipeline(settings).text(), vpc=chosen.network is not None)


def definition_copy(
    setting: Setting, bucket: EncryptedBucket, text: pulumi.Output[str], key_arn: pulumi.Input[str]
) -> s3.BucketObjectv2:
    """Keep the definition in the bucket, whose versions tell which one was in force when."""
    return s3.BucketObjectv2(
        "definition",
        bucket=bucket.bucket,
        key=f"{layout.DEFINITIONS}/{setting.names.of('sagemaker_pipeline')}.json",
        content=text,
        content_type="application/json",
        server_side_encryption="aws:kms",
        kms_key_id=key_arn,
        tags=setting.tags,
        opts=uploaded(setting, bucket),
    )


def training_pipeline_resource(
    setting: Setting,
    *,
    role_arn: pulumi.Input[str],
    text: pulumi.Output[str],
    needs: Sequence[pulumi.Resource],
) -> sagemaker.Pipeline:
    """Make the pipeline. needs: what its executions need and its inputs do not name.

    The definition is inline: the provider fails to update a pipeline whose definition is in S3
    (hashicorp/terraform-provider-aws issue 38259).
    """
    name = setting.names.of("sagemaker_pipeline")
    return sagemaker.Pipeline(
        "training",
        pipeline_name=name,
        pipeline_display_name=name,
        pipeline_description="Preprocess, train, evaluate, and register what is good enough",
        pipeline_definition=text,
        role_arn=role_arn,
        parallelism_configuration={"max_parallel_execution_steps": 4},
        tags=setting.tags,
        opts=pulumi.ResourceOptions(depends_on=list(needs)),
    )
