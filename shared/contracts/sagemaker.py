"""What `sagemaker` publishes: the training pipeline on AWS."""

import dataclasses

from pulumi import Output

from shared.contracts.stack_outputs import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class SagemakerOutputs(StackOutputs, stack="sagemaker"):
    """The pipeline, what it registers models in, and the role that lets Azure training read them."""

    sagemaker_pipeline_arn: Output[str] = output("ARN of the training pipeline.")
    sagemaker_pipeline_name: Output[str] = output("Name of the training pipeline.")
    model_package_group_name: Output[str] = output("Model package group that the pipeline registers models in.")
    artifact_bucket: Output[str] = output("Bucket of data, definitions and models.")
    kms_key_arn: Output[str] = output("The customer-managed key of everything on AWS.")
    job_role_arn: Output[str] = output("Role that pipeline jobs run as.")
    pipeline_role_arn: Output[str] = output("Role that the pipeline runs as.")
    cross_cloud_role_arn: Output[str] = output("Role the Azure training identity assumes to read models.")
