"""A preview shows every stack against what its upstreams are planned to publish, before anything is deployed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason

pytestmark = pytest.mark.sandbox

LOWER = "stacks/lower/program.py"
UPPER = "stacks/upper/program.py"
CONTRACTS = "sample_contracts.py"
TAGGED = "location=env.azure.location, tags={'a': 'b'})"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    return small_platform(tmp_path_factory.mktemp("graph"))


def preview(platform: PlatformCopy, *flags: str) -> Answer:
    answer = platform.run("preview", "--json", *flags)
    assert answer.code == 0, answer.stderr
    return answer


def deploy(platform: PlatformCopy, *flags: str) -> Answer:
    answer = platform.run("deploy", "--yes", "--json", *flags)
    assert answer.code == 0, answer.stderr
    return answer


def operations(answer: Answer, stack: str) -> list[dict[str, Any]]:
    return next(one["operations"] for one in answer.document["stacks"] if one["name"] == stack)


def existing(platform: PlatformCopy) -> set[str]:
    return inventory_ids(platform) if platform.state.exists() else set()


def predicted_and_done(platform: PlatformCopy, change: Callable[[], None], *flags: str) -> tuple[Answer, Answer]:
    """Return what a preview says of a change, and what deploying it then does. The preview touches nothing."""
    change()
    before = existing(platform)
    said = preview(platform)
    assert existing(platform) == before
    return said, deploy(platform, *flags)


def test_the_first_preview_shows_stacks_that_read_from_stacks_that_do_not_exist(platform: PlatformCopy) -> None:
    said, done = predicted_and_done(platform, lambda: None)
    assert said.results == {"lower": "succeeded", "upper": "succeeded"}
    for stack in ("lower", "upper"):
        assert said.changes(stack) == done.changes(stack)


def test_nothing_to_do_is_said_of_every_stack(platform: PlatformCopy) -> None:
    assert preview(platform).results == {"lower": "unchanged", "upper": "unchanged"}


def test_an_update_below_is_certain_and_what_it_may_cause_above_is_possible(platform: PlatformCopy) -> None:
    said, done = predicted_and_done(platform, lambda: platform.change(LOWER, "location=env.azure.location)", TAGGED))
    assert said.changes("lower") == done.changes("lower") == {"update": 1}
    assert said.changes("upper") == done.changes("upper") == {}
    assert reason(said, "upper") == "possibly 1 to replace: what they hang on is not known before it is deployed"
    assert operations(said, "upper") == [
        {
            "urn": "urn:pulumi:sandbox::upper::azure-native:managedidentity:UserAssignedIdentity::identity",
            "type": "azure-native:managedidentity:UserAssignedIdentity",
            "name": "identity",
            "certain": None,
            "possible": "replace",
            "properties": ["resourceGroupName"],
            "reasons": [
                "resourceGroupName comes from lower.group, which is not known yet",
                "lower updates group (azure-native:resources:ResourceGroup)",
            ],
        }
    ]
    assert done.results["upper"] == "unchanged"


def test_a_replacement_below_is_seen_above_before_it_is_deployed(platform: PlatformCopy) -> None:
    said, done = predicted_and_done(
        platform, lambda: platform.change(LOWER, "rg-small", "rg-other"), "--confirm", "rg-small,id-small"
    )
    assert said.changes("lower") == done.changes("lower") == {"replace": 1}
    assert "resource group rg-small would be replaced" in reason(said, "lower")
    assert done.changes("upper") == {"replace": 1}
    assert reason(said, "upper").startswith("possibly 1 to replace") or said.changes("upper") == {"replace": 1}


def test_a_known_value_below_is_seen_above(platform: PlatformCopy) -> None:
    def publish_a_word() -> None:
        platform.change(
            CONTRACTS, 'output("A group.")', 'output("A group.")\n    word: Output[str] = output("A word.")'
        )
        platform.change(LOWER, "(group=group.name)", '(group=group.name, word=pulumi.Output.from_input("one"))')
        platform.change(LOWER, "import pulumi_azure", "import pulumi\nimport pulumi_azure")
        platform.change(UPPER, "location=env.azure.location", 'location=env.azure.location, tags={"word": lower.word}')

    said, done = predicted_and_done(platform, publish_a_word)
    assert said.changes("upper") == done.changes("upper") == {"update": 1}
    assert said.changes("lower") == done.changes("lower") == {}


def test_a_change_of_an_output_alone_is_seen_above(platform: PlatformCopy) -> None:
    said, done = predicted_and_done(platform, lambda: platform.change(LOWER, '"one"', '"two"'))
    assert said.changes("lower") == done.changes("lower") == {}
    assert said.changes("upper") == done.changes("upper") == {"update": 1}


def test_a_secret_below_reaches_what_is_above_and_no_text(platform: PlatformCopy) -> None:
    def make_it_a_secret() -> None:
        platform.change(CONTRACTS, 'output("A word.")', 'output("A word.", secret=True)')
        platform.change(LOWER, '"two"', '"planted-secret-5d1"')

    make_it_a_secret()
    said = platform.run("preview", "--json", "--verbose")
    assert said.code == 0, said.stderr
    assert said.changes("upper") == {"update": 1}
    assert "planted-secret-5d1" not in said.stdout + said.stderr
    assert deploy(platform).changes("upper") == {"update": 1}
    assert preview(platform).results == {"lower": "unchanged", "upper": "unchanged"}


def test_one_stack_alone_is_previewed_against_what_is_deployed(platform: PlatformCopy) -> None:
    assert preview(platform, "--stacks", "upper").results == {"upper": "unchanged"}


def test_nothing_of_the_scratch_backends_is_left(platform: PlatformCopy) -> None:
    assert list((platform.state / "work").glob("preview-*")) == []
