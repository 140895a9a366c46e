"""A bucket is private, versioned, encrypted and logged, and changed one setting at a time."""

import itertools
from typing import Any

import pulumi
import pytest

from shared.components import tokens
from shared.components.encrypted_bucket import BucketSettings, EncryptedBucket, Expiry
from tests.unit.stack_mocks import Run, record

KEY = "arn:aws:kms:eu-west-1:000000000000:key/k"


def _run(**settings: Any) -> Run:
    defaults: dict[str, Any] = {
        "name": "s3-data",
        "key_arn": KEY,
        "log_bucket": "s3-logs",
        "force_destroy": False,
        "protect": True,
    }

    def declare() -> dict[str, pulumi.Output[str]]:
        bucket = EncryptedBucket("data", settings=BucketSettings(**{**defaults, **settings}), tags={"a": "b"})
        return {"bucket": bucket.bucket, "arn": bucket.arn}

    return record(declare)


@pytest.fixture(scope="module")
def run() -> Run:
    return _run()


def test_outputs_are_those_of_the_bucket(run: Run) -> None:
    assert run.outputs == {"bucket": "s3-data", "arn": "arn:aws:s3:::s3-data"}


def test_only_the_bucket_itself_is_protected(run: Run) -> None:
    assert [each.type for each in run.resources if each.protect] == ["aws:s3/bucket:Bucket"]


def test_token_is_the_one_in_the_table(run: Run) -> None:
    assert run.resources[0].type == tokens.ENCRYPTED_BUCKET


def test_is_private(run: Run) -> None:
    block = run.one("BucketPublicAccessBlock", "data").inputs
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block[switch] for switch in switches] == [True] * 4
    assert run.one("BucketOwnershipControls", "data").inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_is_encrypted_with_the_given_key(run: Run) -> None:
    (rule,) = run.one("BucketServerSideEncryptionConfiguration", "data").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
    assert rule["bucketKeyEnabled"] is True


def test_is_encrypted_with_the_key_of_s3_where_none_is_given() -> None:
    (rule,) = _run(key_arn=None).one("BucketServerSideEncryptionConfiguration", "data").inputs["rules"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}


def test_is_versioned_and_tidied(run: Run) -> None:
    assert run.one("BucketVersioning", "data").inputs["versioningConfiguration"] == {"status": "Enabled"}
    (tidy,) = run.one("BucketLifecycleConfiguration", "data").inputs["rules"]
    assert tidy["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert tidy["noncurrentVersionExpiration"] == {"noncurrentDays": 90}
    assert tidy["filter"] == {"prefix": ""}


def test_objects_expire_where_asked() -> None:
    rules = _run(expiries=[Expiry(prefix="a/", days=3), Expiry(days=9)])
    _, first, second = rules.one("BucketLifecycleConfiguration", "data").inputs["rules"]
    assert (first["id"], first["filter"], first["expiration"]) == ("expire-a", {"prefix": "a/"}, {"days": 3})
    assert (second["id"], second["filter"], second["expiration"]) == ("expire-all", {"prefix": ""}, {"days": 9})


def test_refuses_clear_and_old_transport(run: Run) -> None:
    policy = run.policy("BucketPolicy", "data")
    for sid, condition in (
        ("DenyInsecureTransport", {"Bool": {"aws:SecureTransport": "false"}}),
        ("DenyOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ):
        assert policy[sid] == {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": ["arn:aws:s3:::s3-data", "arn:aws:s3:::s3-data/*"],
            "Condition": condition,
        }


def test_is_logged_where_there_is_a_log_bucket(run: Run) -> None:
    logging = run.one("BucketLogging", "data").inputs
    assert (logging["targetBucket"], logging["targetPrefix"]) == ("s3-logs", "s3-data/")
    assert not _run(log_bucket=None).all("BucketLogging")
    assert run.one("BucketNotification", "data").inputs["eventbridge"] is True


def test_settings_change_one_after_another(run: Run) -> None:
    settings = [each for each in run.resources if each.type.startswith("aws:")]
    chain = sorted(settings, key=lambda each: len(_before(run, each.urn)))
    for earlier, later in itertools.pairwise(chain):
        assert earlier.urn in _before(run, later.urn), f"{later.type} can run beside {earlier.type}"


def _before(run: Run, urn: str) -> frozenset[str]:
    direct = next(each.depends_on for each in run.resources if each.urn == urn)
    return direct.union(*(_before(run, other) for other in direct))


def test_is_locked_where_asked_and_then_outlives_its_stack() -> None:
    run = _run(lock_days=30, force_destroy=True)
    bucket = run.one("Bucket", "data")
    assert bucket.inputs["objectLockEnabled"] is True
    assert bucket.inputs["forceDestroy"] is False
    lock = run.one("BucketObjectLockConfiguration", "data")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}}
    assert run.one("BucketVersioning", "data").urn in lock.depends_on
    assert all(each.retain_on_delete for each in run.resources if each.type.startswith("aws:"))


def test_is_not_locked_otherwise(run: Run) -> None:
    assert "objectLockEnabled" not in run.one("Bucket", "data").inputs
    assert not run.all("BucketObjectLockConfiguration")
    assert not [each for each in run.resources if each.retain_on_delete]
