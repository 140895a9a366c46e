"""What goes wrong in a run: a clear reason, the documented exit code, consistent state, and a next run that goes on."""

import json
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.sandbox.inventory import Inventory
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox

PROGRAM = "stacks/upper/program.py"
LOWER = "stacks/lower/program.py"
HALF = 'identity = az.managedidentity.UserAssignedIdentity(\n        "identity"'


@pytest.fixture
def platform(tmp_path: Path) -> PlatformCopy:
    return small_platform(tmp_path)


def reason(answer: Answer, stack: str) -> str:
    return next(one["reason"] for one in answer.document["stacks"] if one["name"] == stack)


def deploy(platform: PlatformCopy, *flags: str) -> Answer:
    return platform.run("deploy", "--yes", "--json", *flags)


def inventory_ids(platform: PlatformCopy) -> set[str]:
    inventory = Inventory(platform.state / "inventory.sqlite")
    try:
        return {record.id for record in inventory.all()}
    finally:
        inventory.close()


def state_ids(platform: PlatformCopy) -> set[str]:
    """Return the ids of the cloud's resources in the state of both stacks."""
    checkpoints = (platform.state / "state" / ".pulumi" / "stacks").glob("*/sandbox.json")
    latest = [json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"] for file in checkpoints]
    assert not [one for one in latest if one.get("pending_operations")]
    resources = [one for each in latest for one in each.get("resources", [])]
    return {one["id"] for one in resources if one["type"].startswith("azure-native:")}


def test_a_program_that_raises_fails_its_stack_with_the_line_and_without_a_traceback(platform: PlatformCopy) -> None:
    platform.change(PROGRAM, "    identity = az", "    raise ValueError('no good')\n    identity = az")
    failed = deploy(platform)
    assert failed.code == 1
    assert failed.results == {"lower": "succeeded", "upper": "failed"}
    assert reason(failed, "upper") == "stacks/upper/program.py:9: ValueError: no good"
    assert "Traceback" not in failed.stderr
    platform.change(PROGRAM, "    raise ValueError('no good')\n", "")
    assert deploy(platform).results == {"lower": "unchanged", "upper": "succeeded"}


def test_a_program_that_raises_halfway_keeps_what_it_made(platform: PlatformCopy) -> None:
    platform.change(PROGRAM, "    return Upper", "    raise ValueError('too late')\n    return Upper")
    assert deploy(platform).results["upper"] == "failed"
    assert inventory_ids(platform) == state_ids(platform)
    platform.change(PROGRAM, "    raise ValueError('too late')\n", "")
    assert deploy(platform).results["upper"] in {"succeeded", "unchanged"}
    assert inventory_ids(platform) == state_ids(platform)


def test_a_resource_that_the_cloud_refuses_fails_its_stack_with_the_clouds_words(platform: PlatformCopy) -> None:
    platform.change(PROGRAM, 'resource_name_="id-small"', 'resource_name_="-"')
    failed = deploy(platform)
    assert failed.code in {1, 4}
    assert failed.results == {"lower": "succeeded", "upper": "failed"}
    assert "identity (azure-native:managedidentity:UserAssignedIdentity)" in reason(failed, "upper")
    assert inventory_ids(platform) == state_ids(platform)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "sample_contracts.py",
            "group: Output[str]",
            "group: Output[int]",
            "output group of stack lower in environment",
        ),
        (LOWER, "LowerOutputs(group=group.name)", "LowerOutputs(group=None)", "output group of stack lower"),
    ],
)
def test_a_contract_that_is_not_fulfilled_names_producer_field_and_command(
    platform: PlatformCopy, file: str, old: str, new: str, sentence: str
) -> None:
    platform.change(file, old, new)
    failed = deploy(platform)
    assert failed.code == 1
    assert failed.results["upper"] == "failed"
    assert sentence in reason(failed, "upper")
    assert "invoke deploy --env sandbox --stacks lower" in reason(failed, "upper")
    platform.change(file, new, old)
    assert deploy(platform).results["upper"] == "succeeded"


def test_a_type_that_the_sandbox_does_not_model_is_refused_by_name(platform: PlatformCopy) -> None:
    platform.change(
        PROGRAM, "    identity = az", '    az.batch.BatchAccount("b", resource_group_name="g")\n    identity = az'
    )
    failed = deploy(platform)
    assert failed.results["upper"] == "failed"
    assert "azure-native:batch:BatchAccount" in reason(failed, "upper")


def test_reading_from_a_stack_that_the_signature_does_not_name_fails(platform: PlatformCopy) -> None:
    old = "def program(env: Environment, lower: LowerOutputs) -> UpperOutputs:"
    platform.change(
        PROGRAM, old, old.replace(", lower: LowerOutputs", "") + "\n    lower = LowerOutputs.read('sandbox')"
    )
    assert deploy(platform, "--stacks", "lower").code == 0
    failed = deploy(platform, "--stacks", "upper")
    assert failed.code == 1
    assert "reads from lower, which the signature of program() does not name" in reason(failed, "upper")


def limited_files(size: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_fails_the_run_and_the_next_one_goes_on(platform: PlatformCopy) -> None:
    assert deploy(platform, "--stacks", "lower").code == 0
    tags = ", ".join(f'"t{number}": "{"x" * 250}"' for number in range(45))
    platform.change(PROGRAM, 'resource_name_="id-small"', f'resource_name_="id-small", tags={{{tags}}}')
    failed = platform.run("deploy", "--yes", "--json", before=limited_files(40_000))
    assert failed.code in {1, 4, 255}, failed.stderr
    assert failed.results["upper"] == "failed"
    assert reason(failed, "upper")
    answer = deploy(platform)
    assert answer.results["upper"] in {"succeeded", "unchanged"}, answer.stdout
    assert inventory_ids(platform) == state_ids(platform)
