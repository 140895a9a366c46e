"""What the simulated AWS does not delete while something holds it, with the services' own error codes."""

from collections.abc import Generator
from pathlib import Path

import pytest

from shared.sandbox.catalog.aws.ec2 import INTERFACE
from shared.sandbox.catalog.aws.sagemaker import MODEL_PACKAGE
from shared.sandbox.inventory import Record
from shared.sandbox.wire import Properties
from tests.sandbox.aws_platform import Made, build
from tests.sandbox.simulated_cloud import RefusedError, SimulatedCloud, simulated_cloud

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


@pytest.fixture
def cloud(tmp_path: Path) -> Generator[SimulatedCloud]:
    with simulated_cloud(tmp_path / "inventory.sqlite") as found:
        yield found


@pytest.fixture
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


def _left_behind(cloud: SimulatedCloud, token: str, inputs: Properties) -> None:
    """Put something into the cloud that no provider made."""
    record = Record(id="left", token=token, serial=0, unique_name=None, inputs=inputs, outputs={})
    cloud.inventory.put(record)


def _refused(cloud: SimulatedCloud, made: Made, name: str) -> str:
    before = cloud.inventory.all()
    with pytest.raises(RefusedError) as caught:
        cloud.delete(made[name])
    assert cloud.inventory.all() == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("role", "DeleteConflict"),
        ("boundary", "DeleteConflict"),
        ("bucket", "BucketNotEmpty"),
        ("rule", "ValidationException"),
        ("vpc", "DependencyViolation"),
        ("subnet", "DependencyViolation"),
        ("group", "DependencyViolation"),
    ],
)
def test_what_others_hold_stays(cloud: SimulatedCloud, made: Made, name: str, code: str) -> None:
    assert code in _refused(cloud, made, name)


@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("role", ("role policy", "attachment")),
        ("boundary", ("attachment",)),
        ("bucket", ("object",)),
        ("rule", ("target",)),
        ("subnet", ("interface",)),
        ("group", ("interface",)),
    ],
)
def test_it_goes_when_nothing_holds_it(cloud: SimulatedCloud, made: Made, name: str, holders: tuple[str, ...]) -> None:
    for holder in holders:
        _refused(cloud, made, name)
        cloud.delete(made[holder])
    cloud.delete(made[name])
    assert cloud.read(made[name]) is None


def test_a_vpc_goes_with_the_group_and_the_routes_that_came_with_it(cloud: SimulatedCloud, made: Made) -> None:
    inside = ("ingress", "egress", "flow log", "interface", "gateway", "association", "route table", "group")
    for name in (*inside, "other subnet", "subnet"):
        _refused(cloud, made, "vpc")
        cloud.delete(made[name])
    assert cloud.read(made["default group"]) is not None
    cloud.delete(made["vpc"])


def test_a_group_goes_with_its_own_rules_and_is_held_by_those_of_others(cloud: SimulatedCloud, made: Made) -> None:
    cloud.delete(made["interface"])
    other = cloud.create(made["group"].token, {**made["group"].inputs, "name": "other"})
    rule = cloud.create(made["ingress"].token, {**made["ingress"].inputs, "securityGroupId": other.id})
    assert "DependencyViolation" in _refused(cloud, made, "group")
    cloud.delete(rule)
    cloud.delete(made["group"])


def test_interfaces_of_finished_jobs_hold_their_subnet_and_their_group(cloud: SimulatedCloud, made: Made) -> None:
    cloud.delete(made["interface"])
    _left_behind(cloud, INTERFACE, {"subnetId": made["subnet"].id, "securityGroups": [made["group"].id]})
    assert "DependencyViolation" in _refused(cloud, made, "subnet")
    assert "DependencyViolation" in _refused(cloud, made, "group")


def test_a_group_of_models_is_held_by_its_versions(cloud: SimulatedCloud, made: Made) -> None:
    _left_behind(cloud, MODEL_PACKAGE, {"modelPackageGroupName": "models"})
    assert "ConflictException" in _refused(cloud, made, "model group")


def test_force_deletes_what_holds(cloud: SimulatedCloud, made: Made) -> None:
    cloud.delete(cloud.update(made["bucket"], forceDestroy=True))
    cloud.delete(cloud.update(made["rule"], forceDestroy=True))
    cloud.delete(cloud.update(made["role"], forceDetachPolicies=True))


def test_a_locked_object_stays_even_after_the_lock_of_its_bucket(cloud: SimulatedCloud, made: Made) -> None:
    locked = cloud.create(OBJECT, {"bucket": made["bucket"].id, "key": "late", "content": "{}"})
    assert locked.outputs["objectLockMode"] == "GOVERNANCE"
    assert made["object"].outputs["objectLockMode"] == ""
    cloud.delete(made["object lock"])
    with pytest.raises(RefusedError, match="AccessDenied"):
        cloud.delete(locked)


def test_a_bucket_that_was_made_for_locks_takes_one(cloud: SimulatedCloud) -> None:
    bucket = cloud.create("aws:s3/bucket:Bucket", {"bucket": "ml-locked", "objectLockEnabled": True})
    retention = {"mode": "COMPLIANCE", "years": 1}
    lock = cloud.create(LOCK, {"bucket": bucket.id, "rule": {"defaultRetention": retention}})
    assert lock.outputs["objectLockEnabled"] == "Enabled"


@pytest.mark.parametrize(
    "retention",
    [
        {"mode": "FOREVER", "days": 1},
        {"mode": "GOVERNANCE"},
        {"mode": "GOVERNANCE", "days": 1, "years": 1},
        {"days": 1},
    ],
)
def test_a_retention_has_a_mode_and_one_duration(cloud: SimulatedCloud, retention: Properties) -> None:
    bucket = cloud.create("aws:s3/bucket:Bucket", {"bucket": "ml-locked", "objectLockEnabled": True})
    inputs = {"bucket": bucket.id, "rule": {"defaultRetention": retention}}
    assert "MalformedXML" in cloud.refusal(LOCK, inputs)
