"""The whole platform on the sandbox, through the real engine: deploy, look, change, destroy.

The tests of this file share one sandbox and run in their order: each leaves behind what the next one starts from.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.sandbox.inventory import Inventory
from tests.sandbox.platform_copy import Answer, PlatformCopy

pytestmark = pytest.mark.sandbox

STACKS = ["identity", "key_vault", "sagemaker", "network_storage", "ml_workspace"]
PLANTED = "planted-secret-7f3a9c"

# The names that the five example programs exported, by the stack that owns each now.
SEED_OUTPUTS = {
    "identity": {"resource_group_name", "app_service_principal", "managed_identity_id"},
    "key_vault": {"key_vault_uri"},
    "network_storage": {"blob_storage_account_url"},
    "ml_workspace": {"ml_workspace_name", "configuration_service_name", "online_endpoint_name"},
    "sagemaker": {"sagemaker_pipeline_arn"},
}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    return PlatformCopy.make(tmp_path_factory.mktemp("platform"))


@pytest.fixture(scope="module", autouse=True)
def _tracked_files_stay_as_they_are(platform: PlatformCopy) -> Iterator[None]:
    git(platform.root, "init", "--quiet")
    git(platform.root, "add", "--all")
    yield
    changed = git(platform.root, "status", "--porcelain").splitlines()
    assert [line for line in changed if not line.startswith("A ")] == ["AM environments/sandbox.yaml"]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def all_of(result: str) -> dict[str, str]:
    return dict.fromkeys(STACKS, result)


def explained(answer: Answer) -> str:
    return f"exit code {answer.code}\n{answer.stdout}\n{answer.stderr}"


def test_before_anything_exists_a_preview_shows_every_stack(platform: PlatformCopy) -> None:
    answer = platform.run("preview", "--json")
    assert answer.code == 0, explained(answer)
    assert answer.results == all_of("succeeded")
    for stack in STACKS:
        assert set(answer.changes(stack)) == {"create"}, stack
        assert answer.changes(stack)["create"] > 15, stack


def test_a_stack_without_its_upstream_is_skipped_and_the_run_says_so(platform: PlatformCopy) -> None:
    answer = platform.run("deploy", "--yes", "--json", "--stacks", "key_vault")
    assert answer.code == 11, explained(answer)
    assert answer.results == {"key_vault": "skipped"}


def test_all_stacks_deploy_in_order(platform: PlatformCopy) -> None:
    answer = platform.run("deploy", "--yes", "--json")
    assert answer.code == 0, explained(answer)
    assert answer.results == all_of("succeeded")
    lines = answer.stderr.splitlines()
    began = {stack: lines.index(f"{stack}: running") for stack in STACKS}
    ended = {
        stack: next(i for i, line in enumerate(lines) if line.startswith(f"{stack}: succeeded")) for stack in STACKS
    }
    for upstream, downstream in (
        ("identity", "key_vault"),
        ("key_vault", "network_storage"),
        ("sagemaker", "ml_workspace"),
    ):
        assert ended[upstream] < began[downstream]
    assert began["sagemaker"] < ended["key_vault"], "independent stacks run side by side"


def test_the_outputs_of_the_example_programs_are_there(platform: PlatformCopy) -> None:
    outputs = platform.run("outputs", "--json").document
    for stack, names in SEED_OUTPUTS.items():
        assert names <= set(outputs[stack])
        assert all(outputs[stack][name] for name in names)
    assert outputs["key_vault"]["key_vault_uri"].startswith("https://kv-")
    assert outputs["network_storage"]["blob_storage_account_url"].startswith("https://st")
    assert ":pipeline/" in outputs["sagemaker"]["sagemaker_pipeline_arn"]


def test_again_there_is_nothing_to_do(platform: PlatformCopy) -> None:
    answer = platform.run("deploy", "--yes", "--json")
    assert answer.code == 0, explained(answer)
    assert answer.results == all_of("unchanged")


def test_a_preview_of_everything_shows_no_change(platform: PlatformCopy) -> None:
    answer = platform.run("preview", "--json")
    assert answer.results == all_of("unchanged"), explained(answer)


def test_one_changed_value_changes_the_stack_that_uses_it_and_no_other(platform: PlatformCopy) -> None:
    platform.change("environments/sandbox.yaml", "drift-alerts: true", "drift-alerts: false")
    answer = platform.run("deploy", "--yes", "--json")
    assert answer.results == {**all_of("unchanged"), "ml_workspace": "succeeded"}, explained(answer)
    assert answer.changes("ml_workspace") == {"update": 1}


def test_a_planted_secret_is_nowhere_in_clear(platform: PlatformCopy) -> None:
    flags = ("feature-source-token", "--stack", "key_vault")
    set_answer = platform.run("secret set", *flags, text=f"{PLANTED}\n")
    assert set_answer.code == 0, explained(set_answer)
    answer = platform.run("deploy", "--yes", "--json", "--verbose")
    assert answer.code == 0, explained(answer)
    assert answer.changes("key_vault") == {"update": 1}
    told = (set_answer, answer, platform.run("outputs", "--json"))
    assert not [one for one in told if PLANTED in one.stdout + one.stderr]
    assert [file for file in files_below(platform.state.parent) if PLANTED.encode() in file.read_bytes()] == []


def files_below(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_stack_that_others_read_from_is_not_destroyed_alone(platform: PlatformCopy) -> None:
    answer = platform.run("destroy", "--yes", "--stacks", "key_vault")
    assert answer.code == 2
    assert answer.stderr.splitlines()[-1].startswith(
        "destroy: --stacks: key_vault cannot be destroyed while network_storage"
    )


def test_destroying_leaves_nothing_but_what_is_kept_on_purpose(platform: PlatformCopy) -> None:
    answer = platform.run("destroy", "--yes", "--json")
    assert answer.code == 0, explained(answer)
    assert answer.results == all_of("succeeded")
    inventory = Inventory(platform.state / "inventory.sqlite")
    left = [record.id for record in inventory.all()]
    inventory.close()
    assert left == []
    assert platform.run("outputs", "--json").document == {stack: {} for stack in STACKS}
