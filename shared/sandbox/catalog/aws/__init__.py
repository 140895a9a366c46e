"""The simulated AWS."""

import dataclasses
import json
from importlib.metadata import version

from shared.sandbox.catalog.aws import (
    ec2,
    endpoints,
    events,
    functions,
    iam,
    kms,
    s3,
    sagemaker,
    security_groups,
)
from shared.sandbox.errors import CloudError
from shared.sandbox.model import Catalog, CloudIds, by_token
from shared.sandbox.wire import Properties


def _configure(configuration: Properties, cloud: CloudIds) -> None:
    if not configuration.get("region"):
        raise CloudError("InvalidConfiguration", "aws:region is not configured")
    allowed = configuration.get("allowedAccountIds") or "[]"
    accounts = json.loads(allowed) if isinstance(allowed, str) else allowed
    if cloud.account_id not in accounts:
        raise CloudError("InvalidConfiguration", f"AWS account ID not allowed: {cloud.account_id}")


def _place(configuration: Properties, cloud: CloudIds) -> CloudIds:
    return dataclasses.replace(cloud, region=configuration["region"])


AWS = Catalog(
    provider="aws",
    version=version("pulumi-aws"),
    keeps_computed=True,
    nested_ids=False,
    configure=_configure,
    place=_place,
    # ForcesProviderReplace of pulumi-aws.
    replaced_by=frozenset({"region"}),
    resources=by_token(
        *iam.MODELS,
        *kms.MODELS,
        *s3.MODELS,
        *sagemaker.MODELS,
        *events.MODELS,
        *ec2.MODELS,
        *security_groups.MODELS,
        *endpoints.MODELS,
    ),
    functions=functions.FUNCTIONS,
)
