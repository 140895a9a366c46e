"""What changing the network or the region of SageMaker does, and that it can be destroyed and made again.

Through the real engine. The tests share one sandbox and run in their order.
"""

import re

import pytest

from shared.sandbox.inventory import Inventory
from tests.sandbox.platform_copy import Answer, PlatformCopy

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

FILE = "environments/sandbox.yaml"
STACKS = ("--stacks", "identity,sagemaker")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    return PlatformCopy.make(tmp_path_factory.mktemp("platform"))


def _deploy(platform: PlatformCopy, *flags: str) -> Answer:
    return platform.run("deploy", *STACKS, "--yes", "--json", *flags)


def _live(platform: PlatformCopy, token: str | None = None) -> list[str]:
    inventory = Inventory(platform.state / "inventory.sqlite")
    try:
        return [record.id for record in inventory.all() if token in (None, record.token)]
    finally:
        inventory.close()


def _renumber(platform: PlatformCopy, old: str, new: str) -> None:
    path = platform.root / FILE
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _why(answer: Answer, stack: str) -> str:
    found = next(one for one in answer.document["stacks"] if one["name"] == stack)
    return f"{found['reason']} {found['cause']}"


def test_other_addresses_of_the_vpc_make_it_anew_while_the_old_one_still_works(platform: PlatformCopy) -> None:
    assert _deploy(platform).code == 0
    (old,) = _live(platform, "aws:ec2/vpc:Vpc")
    _renumber(platform, " 10.41.", " 10.42.")
    answer = _deploy(platform, "--confirm", old)
    assert answer.code == 0, answer.stderr
    (new,) = _live(platform, "aws:ec2/vpc:Vpc")
    assert new != old
    assert len(_live(platform, "aws:ec2/securityGroup:SecurityGroup")) == 2


def test_addresses_of_a_subnet_cannot_move_to_another_zone_at_once(platform: PlatformCopy) -> None:
    platform.change(FILE, "b: 10.42.1.0/24", "c: 10.42.1.0/24")
    answer = _deploy(platform)
    assert answer.code != 0
    assert "InvalidSubnet.Conflict" in _why(answer, "sagemaker")
    platform.change(FILE, "c: 10.42.1.0/24", "b: 10.42.1.0/24")


def test_another_region_makes_everything_on_aws_anew(platform: PlatformCopy) -> None:
    text = (platform.root / FILE).read_text(encoding="utf-8")
    platform.change(FILE, "region: eu-west-1", "region: eu-central-1")
    answer = platform.run("preview", *STACKS, "--json")
    (platform.root / FILE).write_text(text, encoding="utf-8")
    changes = answer.changes("sagemaker")
    assert changes["replace"] > 60
    assert set(changes) <= {"replace", "create", "delete"}
    for lost in ("bucket", "key", "model package group", "pipeline"):
        assert re.search(rf"{lost} \S+ would be replaced", _why(answer, "sagemaker"))


def test_after_destroy_nothing_is_left_and_it_can_be_deployed_again(platform: PlatformCopy) -> None:
    assert platform.run("destroy", *STACKS, "--yes", "--json").code == 0
    assert _live(platform) == []
    answer = _deploy(platform)
    assert answer.code == 0, answer.stderr
    groups = _live(platform, "aws:cloudwatch/logGroup:LogGroup")
    assert {"/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"} < set(groups)
