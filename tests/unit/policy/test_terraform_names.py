"""Names of bridged properties in Terraform's spelling."""

from typing import Any

import pytest

from shared.policy.terraform_names import snake_case, terraform_values


@pytest.mark.parametrize(
    ("camel", "snake"),
    [
        ("bucket", "bucket"),
        ("enableDnsHostnames", "enable_dns_hostnames"),
        ("sseKmsKeyId", "sse_kms_key_id"),
        ("VPCConfig", "vpc_config"),
        ("sha256Sum", "sha256_sum"),
    ],
)
def test_camel_case_becomes_snake_case(camel: str, snake: str) -> None:
    assert snake_case(camel) == snake


@pytest.mark.parametrize(
    ("inputs", "values"),
    [
        ({"versioningConfiguration": {"status": "Enabled"}}, {"versioning_configuration": [{"status": "Enabled"}]}),
        (
            {"rules": [{"abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}]},
            {"rule": [{"abort_incomplete_multipart_upload": [{"days_after_initiation": 7}]}]},
        ),
        ({"subnetIds": ["a"]}, {"subnet_ids": ["a"]}),
        ({"clientIdLists": ["a"]}, {"client_id_list": ["a"]}),
        ({"ingress": [{"fromPort": 1}]}, {"ingress": [{"from_port": 1}]}),
        ({"policies": [{"aB": 1}]}, {"policy": [{"a_b": 1}]}),
        ({"tags": {"costCenter": "x"}}, {"tags": {"costCenter": "x"}}),
        ({"rules": []}, {"rules": []}),
    ],
)
def test_blocks_are_lists_in_the_singular_and_maps_stay_maps(inputs: dict[str, Any], values: dict[str, Any]) -> None:
    assert terraform_values(inputs) == values
