"""`invoke rehearse`: from nothing to nothing on a throw-away sandbox, for any environment."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.sandbox.inventory import Inventory
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox

STEPS = ["deploy", "deploy again", "destroy", "deploy anew", "destroy again"]
UPPER = "stacks/upper/program.py"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[PlatformCopy]:
    made = small_platform(tmp_path)
    yield made
    assert not made.state.exists(), "a rehearsal leaves the sandbox alone"


def rehearse(platform: PlatformCopy, environment: str, *flags: str) -> Answer:
    return platform.invoke("rehearse", "--env", environment, "--json", *flags)


def steps(answer: Answer) -> dict[str, str]:
    return {step["name"]: step["result"] for step in answer.document["steps"]}


def reason(answer: Answer) -> str:
    return answer.document["steps"][-1]["reason"]


def in_inventory(file: Path) -> int:
    inventory = Inventory(file)
    try:
        return len(inventory.all())
    finally:
        inventory.close()


def test_an_environment_without_ids_is_rehearsed_from_nothing_to_nothing(platform: PlatformCopy) -> None:
    answer = rehearse(platform, "prod")
    assert answer.code == 0, answer.stderr
    assert list(steps(answer)) == STEPS
    assert steps(answer)["deploy again"] == "unchanged"
    document = answer.document
    assert (document["command"], document["environment"], document["result"]) == ("rehearse", "prod", "succeeded")
    assert {stack["name"]: stack["result"] for stack in document["stacks"]} == dict.fromkeys(
        ("lower", "upper"), "succeeded"
    )
    assert document["kept"] is None


def test_state_and_inventory_are_kept_as_deployed_and_as_they_were_at_the_end(
    platform: PlatformCopy, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    answer = rehearse(platform, "dev", "--keep", str(kept))
    assert (answer.code, answer.document["kept"]) == (0, str(kept)), answer.stderr
    assert in_inventory(kept / "inventory.sqlite") == 2
    assert in_inventory(kept / "destroyed" / "inventory.sqlite") == 0
    checkpoint = json.loads((kept / "state/.pulumi/stacks/lower/dev.json").read_text(encoding="utf-8"))
    types = {one["type"] for one in checkpoint["checkpoint"]["latest"]["resources"]}
    assert "azure-native:resources:ResourceGroup" in types


def test_a_folder_with_something_in_it_is_not_written_to(platform: PlatformCopy, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    answer = rehearse(platform, "dev", "--keep", str(tmp_path / "full"))
    assert answer.code == 2
    assert "--keep" in answer.stderr
    assert "is not empty; name a new folder" in answer.stderr


def test_a_program_that_never_says_the_same_twice_is_found(platform: PlatformCopy) -> None:
    platform.change(UPPER, "import pulumi_azure_native", "import time\n\nimport pulumi_azure_native")
    platform.change(UPPER, "location=env.azure.location", 'location=env.azure.location, tags={"at": str(time.time())}')
    answer = rehearse(platform, "sandbox")
    assert (answer.code, steps(answer)) == (13, {"deploy": "failed"})
    (upper,) = [one for step in answer.document["steps"] for one in step["stacks"] if one["name"] == "upper"]
    assert "the program says something else each time it runs" in upper["reason"]
    assert "tags" in upper["reason"]


def test_what_is_left_in_the_cloud_is_found(platform: PlatformCopy) -> None:
    platform.change(UPPER, "import pulumi_azure_native", "import pulumi\nimport pulumi_azure_native")
    platform.change(
        UPPER,
        "location=env.azure.location",
        "location=env.azure.location, opts=pulumi.ResourceOptions(retain_on_delete=True)",
    )
    platform.change(
        "stacks/lower/program.py", "location=env", "opts=pulumi.ResourceOptions(retain_on_delete=True), location=env"
    )
    platform.change("stacks/lower/program.py", "import pulumi_azure", "import pulumi\nimport pulumi_azure")
    answer = rehearse(platform, "sandbox")
    assert (answer.code, steps(answer)["destroy"]) == (1, "failed")
    assert "left in the cloud: azure-native:resources:ResourceGroup" in reason(answer)


def test_a_refusal_of_the_cloud_ends_it_with_the_runs_exit_code(platform: PlatformCopy, tmp_path: Path) -> None:
    platform.change(UPPER, 'resource_name_="id-small"', 'resource_name_="-"')
    answer = rehearse(platform, "sandbox", "--keep", str(tmp_path / "kept"))
    assert steps(answer) == {"deploy": "failed"}
    assert answer.code == answer.document["exit_code"] != 0
    place = "stacks/upper/program.py:9: identity (azure-native:managedidentity:UserAssignedIdentity)"
    assert reason(answer).startswith(f"upper: {place}: ")
    assert in_inventory(tmp_path / "kept" / "inventory.sqlite") == 1


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["dev", "staging", "prod", "sandbox"])
def test_every_environment_passes_its_rehearsal(environment: str, tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    answer = rehearse(platform, environment, "--keep", str(tmp_path / "kept"))
    assert answer.code == 0, answer.stderr
    assert list(steps(answer)) == STEPS
    assert {stack["name"] for stack in answer.document["stacks"] if stack["result"] == "succeeded"} == {
        *("identity", "key_vault", "network_storage", "ml_workspace", "sagemaker")
    }
    assert in_inventory(tmp_path / "kept" / "inventory.sqlite") > 100
    assert in_inventory(tmp_path / "kept" / "destroyed" / "inventory.sqlite") == 0
