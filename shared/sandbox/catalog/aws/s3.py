"""Amazon S3: buckets, their settings (each a resource with the bucket's name as its id) and objects."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping

from shared.sandbox.catalog.aws.account import (
    Reference,
    aws,
    given_name,
    held_by,
    partition,
    region,
    unless_held,
)
from shared.sandbox.catalog.aws.kms import key_reference
from shared.sandbox.catalog.aws.policy_document import BUCKET as BUCKET_POLICY
from shared.sandbox.catalog.aws.policy_document import check_policy
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request, ResourceModel
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

BUCKET = "aws:s3/bucket:Bucket"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
# S3 user guide, "General purpose bucket naming rules".
_NAME = r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3)$)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)"
_HOSTED_ZONES = {  # AWS general reference, "Amazon Simple Storage Service endpoints and quotas"
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-northeast-2": "Z3W03O7B5YMIYP",
    "ap-south-1": "Z11RGJOFQNVJUP",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "sa-east-1": "Z7KQH4QJS55SO",
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-gov-west-1": "Z31GFT0UA1I2HV",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
}
_BUCKET_EXISTS = Reference(
    property="bucket",
    targets={BUCKET: ("id",)},
    code="NoSuchBucket",
    message="The specified bucket does not exist: {}",
)


def _setting(
    token: str,
    *,
    properties: str,
    required: str = "bucket",
    references: tuple[Reference, ...] = (),
    check: Callable[[Request], None] | None = None,
    defaults: Mapping[str, Json] | None = None,
    replace_on: str = "bucket",
) -> ResourceModel:
    """Return the model of a setting of a bucket."""
    return aws(
        token,
        properties=properties,
        required=required,
        make_id=lambda request: request.text("bucket"),
        references=(_BUCKET_EXISTS, *references),
        check=check,
        defaults=defaults,
        replace_on=replace_on,
    )


def _bucket_arn(request: Request) -> str:
    return f"arn:{partition(region(request))}:s3:::{request.id}"


def _bucket_name(request: Request) -> str:
    return request.text("bucket") or request.text("bucketPrefix", "terraform-") + request.hex("name", 26)


def _check_bucket(request: Request) -> None:
    check_policy(request, "policy", BUCKET_POLICY)


def _bucket_outputs(request: Request) -> Properties:
    where = region(request)
    suffix = "amazonaws.com.cn" if partition(where) == "aws-cn" else "amazonaws.com"
    owner = hashlib.sha256(request.cloud.account_id.encode()).hexdigest()
    grant = {"id": owner, "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}
    return {
        "grants": request.inputs.get("grants") or [grant],
        "bucket": given_name(request, "bucket") or request.id,
        "bucketRegion": where,
        "bucketDomainName": f"{request.id}.s3.{suffix}",
        "bucketRegionalDomainName": f"{request.id}.s3.{where}.{suffix}",
        "hostedZoneId": _HOSTED_ZONES.get(where, ""),
        "websiteDomain": f"s3-website-{where}.{suffix}" if request.inputs.get("website") else "",
        "websiteEndpoint": f"{request.id}.s3-website-{where}.{suffix}" if request.inputs.get("website") else "",
    }


def _check_bucket_policy(request: Request) -> None:
    statements = check_policy(request, "policy", BUCKET_POLICY)
    bucket = f":s3:::{request.text('bucket')}"
    for statement in statements:
        resources = statement.get("Resource") or statement.get("NotResource")
        for resource in resources if is_list(resources) else [resources]:
            if not re.search(re.escape(bucket) + r"(/.*)?$", str(resource)) and resource != "*":
                raise CloudError("MalformedPolicy", f"Policy has invalid resource: {resource}")


def _check_key(request: Request) -> None:
    for rule in request.inputs.get("rules") or []:
        default = rule.get("applyServerSideEncryptionByDefault") or {}
        if default.get("kmsMasterKeyId") and not str(default.get("sseAlgorithm", "")).startswith("aws:kms"):
            raise CloudError("InvalidArgument", "a KMSMasterKeyID is not applicable if the algorithm is not aws:kms")


def _check_rules(request: Request) -> None:
    rules = request.inputs.get("rules") or []
    ids = [rule.get("id") for rule in rules]
    if len(set(ids)) != len(ids):
        raise CloudError("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
    actions = {"abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration", "transitions"}
    for rule in rules:
        if not {*actions, "noncurrentVersionTransitions"} & {key for key, value in rule.items() if value}:
            raise CloudError("InvalidRequest", f"At least one action needs to be specified in a rule: {rule.get('id')}")


def _object_outputs(request: Request) -> Properties:
    """Encryption follows the bucket's default; a new content is a new version where the bucket keeps versions."""
    bucket, key = request.text("bucket"), _clean(request.text("key"))
    default = _default_encryption(request, bucket)
    algorithm = request.text("serverSideEncryption")
    kms_key = request.text("kmsKeyId")
    chosen = algorithm or ("aws:kms" if kms_key else str(default.get("sseAlgorithm") or "AES256"))
    digest = _digest(request)
    versioning = request.existing.find(bucket, _VERSIONING)
    state = versioning.inputs.get("versioningConfiguration", {}).get("status") if versioning else ""
    return {
        "arn": f"arn:{partition(region(request))}:s3:::{bucket}/{key}",
        "objectLockMode": request.text("objectLockMode") or _lock_mode(request, bucket),
        "serverSideEncryption": chosen,
        "kmsKeyId": kms_key or (str(default.get("kmsMasterKeyId") or "") if chosen == "aws:kms" else ""),
        "etag": digest if chosen == "AES256" else request.hex(f"etag {digest}", 32),
        "versionId": request.hex(f"version {digest}", 32) if state == "Enabled" else "",
        "checksumCrc64nvme": base64.b64encode(bytes.fromhex(digest)[:8]).decode(),
    }


def _lock_mode(request: Request, bucket: str) -> str:
    """Return the lock of the object: that of the bucket, at the time the object was made."""
    made = request.existing.find(request.id, _OBJECT) if request.id else None
    return str(made.outputs["objectLockMode"] if made else _retention(request, bucket).get("mode") or "")


def _retention(request: Request, bucket: str) -> Properties:
    record = request.existing.find(bucket, _LOCK)
    rule = record.inputs.get("rule") if record else None
    found = rule.get("defaultRetention") if is_mapping(rule) else None
    return found if is_mapping(found) else {}


def _default_encryption(request: Request, bucket: str) -> Properties:
    record = request.existing.find(bucket, _ENCRYPTION)
    rules = record.inputs.get("rules") if record else None
    first = rules[0] if is_list(rules) and rules else {}
    default = first.get("applyServerSideEncryptionByDefault")
    return default if is_mapping(default) else {}


def _digest(request: Request) -> str:
    """Return the MD5 of the content. A file's content is known by the hash that the engine sends with it."""
    text = request.inputs.get("content")
    encoded = request.inputs.get("contentBase64")
    source = request.inputs.get("source")
    if encoded is not None:
        try:
            content = base64.b64decode(str(encoded), validate=True)
        except binascii.Error:
            content = str(encoded).encode()
    else:
        content = str(text if text is not None else source or "").encode()
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _clean(key: str) -> str:
    """Return the key as the provider sends it: without leading or doubled slashes."""
    return re.sub("/+", "/", key.removeprefix("./").lstrip("/"))


def _check_object(request: Request) -> None:
    given = [key for key in ("content", "contentBase64", "source") if request.inputs.get(key) is not None]
    if len(given) > 1:
        raise CloudError("InvalidConfiguration", f"only one of {', '.join(given)} can be given")
    if not request.text("key"):
        raise CloudError("InvalidArgument", "The object key must not be empty")


def _check_object_delete(request: Request) -> None:
    """A retention never ends here: the simulated clock counts operations."""
    record = request.existing.find(request.id, _OBJECT)
    if record and record.outputs["objectLockMode"] and request.inputs.get("forceDestroy") is not True:
        raise CloudError("AccessDenied", f"Access Denied because object protected by object lock: {request.id}")


def _check_bucket_delete(request: Request) -> None:
    if request.inputs.get("forceDestroy") is not True:
        unless_held("BucketNotEmpty", "The bucket you tried to delete is not empty: {}", held_by(_OBJECT, "bucket"))(
            request
        )


def _check_lock(request: Request) -> None:
    bucket = request.existing.find(request.text("bucket"), BUCKET)
    versioning = request.existing.find(request.text("bucket"), _VERSIONING)
    versioned = versioning and versioning.inputs["versioningConfiguration"].get("status") == "Enabled"
    if not versioned and not (bucket and bucket.inputs.get("objectLockEnabled") is True):
        problem = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        raise CloudError("InvalidBucketState", problem)
    retention = (request.inputs.get("rule") or {}).get("defaultRetention") or {}
    if ("days" in retention) == ("years" in retention) or retention.get("mode") not in ("GOVERNANCE", "COMPLIANCE"):
        raise CloudError("MalformedXML", "a default retention has a mode, and either days or years")


MODELS = (
    aws(
        "s3/bucket:Bucket",
        properties="accelerationStatus acl bucket bucketNamespace bucketPrefix corsRules forceDestroy grants"
        " lifecycleRules logging objectLockConfiguration objectLockEnabled policy replicationConfiguration"
        " requestPayer serverSideEncryptionConfiguration versioning website",
        tagged=True,
        name=NameRule(property="bucket", pattern=_NAME + r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", code="InvalidBucketName"),
        make_id=_bucket_name,
        arn=_bucket_arn,
        taken_code="BucketAlreadyExists",
        check=_check_bucket,
        check_delete=_check_bucket_delete,
        defaults={
            "accelerationStatus": "",
            "acl": "private",
            "bucketNamespace": "global",
            "bucketPrefix": "",
            "corsRules": [],
            "forceDestroy": False,
            "lifecycleRules": [],
            "objectLockEnabled": False,
            "policy": "",
            "requestPayer": "BucketOwner",
            "serverSideEncryptionConfiguration": {
                "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}
            },
            "versioning": {"enabled": False, "mfaDelete": False},
        },
        outputs=_bucket_outputs,
        replace_on="bucket bucketNamespace bucketPrefix objectLockEnabled",
    ),
    _setting("s3/bucketOwnershipControls:BucketOwnershipControls", properties="", required="bucket rule"),
    _setting(
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        properties="blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets skipDestroy",
        defaults={
            "blockPublicAcls": False,
            "blockPublicPolicy": False,
            "ignorePublicAcls": False,
            "restrictPublicBuckets": False,
        },
    ),
    _setting(
        "s3/bucketVersioning:BucketVersioning",
        properties="expectedBucketOwner mfa",
        required="bucket versioningConfiguration",
        replace_on="bucket expectedBucketOwner",
    ),
    _setting(
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        properties="expectedBucketOwner",
        required="bucket rules",
        references=(key_reference("rules.applyServerSideEncryptionByDefault.kmsMasterKeyId", "KMS.NotFoundException"),),
        check=_check_key,
        replace_on="bucket expectedBucketOwner",
    ),
    _setting(
        "s3/bucketLogging:BucketLogging",
        properties="expectedBucketOwner targetGrants targetObjectKeyFormat",
        required="bucket targetBucket targetPrefix",
        references=(
            Reference(
                property="targetBucket",
                targets={BUCKET: ("id",)},
                code="InvalidTargetBucketForLogging",
                message="The target bucket for logging does not exist: {}",
            ),
        ),
        replace_on="bucket expectedBucketOwner",
    ),
    _setting(
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        properties="expectedBucketOwner rules timeouts transitionDefaultMinimumObjectSize",
        check=_check_rules,
        defaults={"expectedBucketOwner": "", "transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
        replace_on="bucket expectedBucketOwner",
    ),
    _setting(
        "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        properties="expectedBucketOwner objectLockEnabled rule token",
        check=_check_lock,
        defaults={"objectLockEnabled": "Enabled"},
        replace_on="bucket expectedBucketOwner objectLockEnabled",
    ),
    _setting("s3/bucketPolicy:BucketPolicy", properties="", required="bucket policy", check=_check_bucket_policy),
    _setting(
        "s3/bucketNotification:BucketNotification",
        properties="eventbridge lambdaFunctions queues topics",
        defaults={"eventbridge": False},
    ),
    aws(
        "s3/bucketObjectv2:BucketObjectv2",
        properties="acl bucketKeyEnabled cacheControl checksumAlgorithm content contentBase64 contentDisposition"
        " contentEncoding contentLanguage contentType etag forceDestroy key kmsKeyId metadata"
        " objectLockLegalHoldStatus objectLockMode objectLockRetainUntilDate overrideProvider serverSideEncryption"
        " source sourceHash storageClass websiteRedirect",
        required="bucket",
        tagged=True,
        make_id=lambda request: f"{request.text('bucket')}/{_clean(request.text('key'))}",
        references=(_BUCKET_EXISTS, key_reference("kmsKeyId", "KMS.NotFoundException")),
        check=_check_object,
        check_delete=_check_object_delete,
        defaults={
            "acl": "private",
            "bucketKeyEnabled": False,
            "checksumCrc32": "",
            "checksumCrc32c": "",
            "checksumSha1": "",
            "checksumSha256": "",
            "contentType": "application/octet-stream",
            "forceDestroy": False,
            "storageClass": "STANDARD",
        },
        outputs=_object_outputs,
        replace_on="bucket key",
    ),
)
