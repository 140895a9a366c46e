"""Every policy document that the stack makes, and the table of what each may say."""

import json
from typing import Any

from shared.naming import Names
from tests.unit.sagemaker.given_identity import DEPLOY, PREVIEW, TENANT
from tests.unit.sample_environments import ACCOUNT, sandbox
from tests.unit.stack_mocks import Run

Statement = dict[str, Any]
Documents = dict[tuple[str, str, str], dict[str, Statement]]

_R = f"eu-west-1:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
_KEY = f"arn:aws:kms:{_R}:key/key-key"
_IMAGE = "arn:aws:ecr:eu-west-1:141502667606:repository/sagemaker-xgboost"
_JOBS = f"arn:aws:logs:{_R}:log-group:/aws/sagemaker/*"
_ISSUER = f"login.microsoftonline.com/{TENANT}/v2.0"


def documents(run: Run) -> Documents:
    """Return the statements by sid of every document, by type, logical name and input."""
    found: Documents = {}
    for each in run.resources:
        for key, value in each.inputs.items():
            document = _document(value)
            if document is not None:
                assert set(document) == {"Version", "Statement"}
                assert document["Version"] == "2012-10-17"
                by_sid = {one.pop("Sid"): one for one in document["Statement"]}
                assert len(by_sid) == len(document["Statement"])
                found[each.type.rpartition(":")[2], each.name, key] = by_sid
    return found


def _document(value: object) -> dict[str, Any] | None:
    if not isinstance(value, str) or '"Statement"' not in value:
        return None
    return json.loads(value)


def allow(actions: str, *resources: str, **more: Any) -> Statement:
    """Return a statement that allows; actions are separated by spaces."""
    return {
        "Effect": "Allow",
        "Action": actions.split(),
        **({"Resource": list(resources)} if resources else {}),
        **more,
    }


def deny(actions: str, *resources: str, **more: Any) -> Statement:
    """Return a statement that forbids; actions are separated by spaces."""
    return {**allow(actions, *resources, **more), "Effect": "Deny"}


def _trust(service: str, **condition: Any) -> Statement:
    return allow("sts:AssumeRole", Principal={"Service": f"{service}.amazonaws.com"}, Condition=condition)


def _ours(source: str, *, operator: str = "ArnLike") -> dict[str, Any]:
    return {"StringEquals": {"aws:SourceAccount": ACCOUNT}, operator: {"aws:SourceArn": source}}


def _no_job(operator: str, key: str, value: str) -> Statement:
    jobs = "sagemaker:CreateTrainingJob sagemaker:CreateProcessingJob"
    return deny(jobs, "*", Condition={operator: {f"sagemaker:{key}": value}})


def _everybody_in(bucket: str) -> dict[str, Statement]:
    everything = (bucket, f"{bucket}/*")
    return {
        "DenyInsecureTransport": deny(
            "s3:*", *everything, Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}
        ),
        "DenyOldTls": deny("s3:*", *everything, Principal="*", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    }


def _names() -> dict[str, str]:
    suffix = "-mlp-sandbox-" + Names(sandbox()).suffix
    kinds = {
        "artifacts": "s3-artifacts",
        "logs": "s3-access-logs",
        "job": "role-job",
        "pipeline role": "role-pipeline",
        "azure": "role-azure-training",
        "rule": "rule-new-data",
        "pipeline": "pipe",
        "group": "mpg",
        "flow": "log-flow",
    }
    return {key: kind + suffix for key, kind in kinds.items()}


def table() -> Documents:
    """Return what the documents of the sandbox, shaped like production, must be: no more, no less, nothing else.

    The tables of SageMaker's roles and of the policies of the key and the bucket (docs/adr/0011).
    """
    n = _names()
    bucket, logs = (f"arn:aws:s3:::{n[name]}" for name in ("artifacts", "logs"))
    job, pipeline_role, azure = (f"{_ROLE}/{n[name]}" for name in ("job", "pipeline role", "azure"))
    pipeline = f"arn:aws:sagemaker:{_R}:pipeline/{n['pipeline']}"
    group = n["group"]
    flow = f"arn:aws:logs:{_R}:log-group:{n['flow']}"
    on_ec2 = f"arn:aws:ec2:{_R}"
    sagemaker = {"SageMaker": _trust("sagemaker", **_ours(f"arn:aws:sagemaker:{_R}:*"))}
    data = {
        "Bucket": allow("s3:ListBucket s3:GetBucketLocation", bucket),
        "Read": allow(
            "s3:GetObject",
            *(f"{bucket}/{part}/*" for part in ("data", "code", "prepared", "models", "evaluation")),
        ),
        "Write": allow(
            "s3:PutObject s3:AbortMultipartUpload",
            *(f"{bucket}/{part}/*" for part in ("prepared", "models", "evaluation")),
        ),
    }
    key = {
        "Key": allow("kms:Decrypt kms:GenerateDataKey kms:DescribeKey", _KEY),
        "Volumes": allow("kms:CreateGrant", _KEY, Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    }
    image = {
        "RegistryLogin": allow("ecr:GetAuthorizationToken", "*"),
        "Image": allow("ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage", _IMAGE),
    }
    job_logs = {
        "Logs": allow("logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents logs:DescribeLogStreams", _JOBS)
    }
    namespaces = ["/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker"]
    metrics = {
        "Metrics": allow(
            "cloudwatch:PutMetricData", "*", Condition={"StringLike": {"cloudwatch:namespace": namespaces}}
        )
    }
    interfaces = {
        "CreateInterfaces": allow(
            "ec2:CreateNetworkInterface",
            f"{on_ec2}:subnet/subnet-private-a",
            f"{on_ec2}:subnet/subnet-private-b",
            f"{on_ec2}:security-group/securitygroup-jobs",
            f"{on_ec2}:network-interface/*",
        ),
        "ManageInterfaces": allow(
            "ec2:CreateNetworkInterfacePermission ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission",
            f"{on_ec2}:network-interface/*",
        ),
        "FindNetwork": allow(
            "ec2:DescribeNetworkInterfaces ec2:DescribeVpcs ec2:DescribeDhcpOptions ec2:DescribeSubnets"
            " ec2:DescribeSecurityGroups",
            "*",
        ),
    }
    jobs = ("training-job", "processing-job")
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    endpoint = {
        "sagemaker-api": {"Platform": allow("sagemaker:*", f"arn:aws:sagemaker:{_R}:*")},
        "sagemaker-runtime": {"Score": allow("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:{_R}:endpoint/*")},
        "ecr-api": image,
        "ecr-dkr": image,
        "logs": job_logs,
        "monitoring": metrics,
        "sts": {"WhoAmI": allow("sts:GetCallerIdentity", "*")},
        "kms": key,
    }
    layers = allow("s3:GetObject", "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*", Principal="*")
    return {
        ("Role", "job", "assumeRolePolicy"): sagemaker,
        ("Role", "pipeline", "assumeRolePolicy"): sagemaker,
        ("Role", "flow-logs", "assumeRolePolicy"): {
            "FlowLogs": _trust("vpc-flow-logs", **_ours(f"{on_ec2}:vpc-flow-log/*"))
        },
        ("Role", "start", "assumeRolePolicy"): {
            "EventBridge": _trust("events", **_ours(f"arn:aws:events:{_R}:rule/{n['rule']}", operator="ArnEquals"))
        },
        ("Role", "azure-training", "assumeRolePolicy"): {
            "AzureTraining": allow(
                "sts:AssumeRoleWithWebIdentity",
                Principal={"Federated": f"arn:aws:simulated:{_R}:openidconnectprovider-entra"},
                Condition={"StringEquals": {f"{_ISSUER}:aud": "app-client", f"{_ISSUER}:sub": "compute-principal"}},
            )
        },
        ("RolePolicy", "job", "policy"): {**data, **key, **image, **job_logs, **metrics, **interfaces},
        ("RolePolicy", "pipeline", "policy"): {
            "Jobs": allow(
                "sagemaker:CreateTrainingJob sagemaker:DescribeTrainingJob sagemaker:StopTrainingJob"
                " sagemaker:CreateProcessingJob sagemaker:DescribeProcessingJob sagemaker:StopProcessingJob"
                " sagemaker:AddTags",
                *(f"arn:aws:sagemaker:{_R}:{kind}/pipelines-*" for kind in jobs),
            ),
            "Models": allow(
                "sagemaker:CreateModelPackage sagemaker:DescribeModelPackage sagemaker:DescribeModelPackageGroup"
                " sagemaker:ListModelPackages",
                f"arn:aws:sagemaker:{_R}:model-package-group/{group}",
                f"arn:aws:sagemaker:{_R}:model-package/{group}/*",
            ),
            "PassJobRole": allow(
                "iam:PassRole", job, Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
            ),
            "ReadEvaluations": allow("s3:GetObject", f"{bucket}/evaluation/*"),
            "Decrypt": allow("kms:Decrypt", _KEY),
            "DenyNoVolumeKey": _no_job("Null", "VolumeKmsKey", "true"),
            "DenyNoOutputKey": _no_job("Null", "OutputKmsKey", "true"),
            "DenyNoSubnets": _no_job("Null", "VpcSubnets", "true"),
            "DenyNoSecurityGroups": _no_job("Null", "VpcSecurityGroupIds", "true"),
            "DenyNoIsolation": _no_job("Bool", "NetworkIsolation", "false"),
            "DenyClearTraffic": _no_job("Bool", "InterContainerTrafficEncryption", "false"),
        },
        ("RolePolicy", "flow-logs", "policy"): {
            "Write": allow("logs:CreateLogStream logs:PutLogEvents logs:DescribeLogStreams", flow, f"{flow}:*"),
            "Find": allow("logs:DescribeLogGroups", f"arn:aws:logs:{_R}:log-group:*"),
        },
        ("RolePolicy", "start", "policy"): {"Start": allow("sagemaker:StartPipelineExecution", pipeline)},
        ("RolePolicy", "azure-training", "policy"): {
            "List": allow("s3:ListBucket", bucket, Condition={"StringLike": {"s3:prefix": "models/*"}}),
            "Read": allow("s3:GetObject", f"{bucket}/models/*"),
            "Decrypt": allow(
                "kms:Decrypt", _KEY, Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
            ),
        },
        ("Key", "key", "policy"): {
            "Account": allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
            "Administration": allow(
                "kms:Create* kms:Describe* kms:Enable* kms:List* kms:Put* kms:Update* kms:Revoke* kms:Disable* kms:Get*"
                " kms:TagResource kms:UntagResource kms:ScheduleKeyDeletion kms:CancelKeyDeletion",
                "*",
                Principal={"AWS": DEPLOY},
            ),
            "Upload": allow(
                "kms:GenerateDataKey",
                "*",
                Principal={"AWS": DEPLOY},
                Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
            ),
            "Use": allow(
                "kms:Decrypt kms:Encrypt kms:ReEncrypt* kms:GenerateDataKey* kms:DescribeKey",
                "*",
                Principal={"AWS": [job, pipeline_role]},
            ),
            "Volumes": allow(
                "kms:CreateGrant kms:ListGrants kms:RevokeGrant",
                "*",
                Principal={"AWS": job},
                Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            ),
            "Logs": allow(
                "kms:Encrypt* kms:Decrypt* kms:GenerateDataKey* kms:DescribeKey",
                "*",
                Principal={"Service": "logs.eu-west-1.amazonaws.com"},
                Condition={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": [
                            f"arn:aws:logs:{_R}:log-group:/aws/sagemaker/TrainingJobs",
                            f"arn:aws:logs:{_R}:log-group:/aws/sagemaker/ProcessingJobs",
                            flow,
                        ]
                    }
                },
            ),
        },
        ("BucketPolicy", "artifacts", "policy"): {
            **_everybody_in(bucket),
            "DenyUnencryptedPut": deny(
                "s3:PutObject", f"{bucket}/*", Principal="*", Condition={"StringNotEquals": {header: _KEY}}
            ),
            "DenyOutsideVpce": deny(
                "s3:GetObject s3:PutObject s3:ListBucket",
                bucket,
                f"{bucket}/*",
                Principal="*",
                Condition={
                    "StringNotEquals": {"aws:SourceVpce": "vpcendpoint-s3"},
                    "ArnNotEquals": {"aws:PrincipalArn": [pipeline_role, azure, DEPLOY, PREVIEW]},
                    "Bool": {"aws:ViaAWSService": "false"},
                },
            ),
        },
        ("BucketPolicy", "access-logs", "policy"): {
            **_everybody_in(logs),
            "LogDelivery": allow(
                "s3:PutObject",
                f"{logs}/*",
                Principal={"Service": "logging.s3.amazonaws.com"},
                Condition=_ours(bucket),
            ),
        },
        ("VpcEndpoint", "s3", "policy"): {**_endpoint(data), "ImageLayers": layers},
        **{("VpcEndpoint", name, "policy"): _endpoint(statements) for name, statements in endpoint.items()},
    }


def _endpoint(statements: dict[str, Statement]) -> dict[str, Statement]:
    ours = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    return {
        sid: {**one, "Principal": "*", "Condition": {**one.get("Condition", {}), **ours}}
        for sid, one in statements.items()
    }
