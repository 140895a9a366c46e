"""What is wrong with a scenario is told, and nothing else is."""

import copy
from typing import Any

import pytest

from tests.scenarios.scenario import Effects, Scenario
from tests.scenarios.storytelling import story_of

URN = "urn:pulumi:sandbox::app::azure-native:resources:ResourceGroup::group"
OPERATION = {"urn": URN, "certain": "update", "possible": None}


def stack(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "app", "result": "succeeded", "reason": "", "operations": list(operations), **more}


def command(*stacks: dict[str, Any], exit_code: int = 0, said: str = "") -> dict[str, Any]:
    return {"document": {"exit_code": exit_code, "stacks": list(stacks)}, "said": said}


GOOD = {
    "preview": command(stack(OPERATION)),
    "plain": {"stacks": [stack(OPERATION)]},
    "deploy": command(stack(OPERATION)),
    "after": command(stack()),
}


def failures(
    told: dict[str, Any] | None = None, happens: Effects | None = None, says: dict[str, str] | None = None
) -> tuple[str, ...]:
    scenario = Scenario(name="s", story="", edits=[], happens=happens or {"app": {"update": 1}}, says=says or {})
    return story_of(scenario, {**copy.deepcopy(GOOD), **(told or {})}, "small").failures


def test_a_story_that_goes_as_it_should_has_no_failures() -> None:
    assert failures() == ()


@pytest.mark.parametrize("happens", [{"app": {"update"}}, {"app": {"update": 1}}])
def test_effects_are_numbers_or_kinds(happens: Effects) -> None:
    assert failures(happens=happens) == ()


@pytest.mark.parametrize("happens", [{"app": {"update", "create"}}, {"app": {"update": 2}}, {"data": {"update": 1}}])
def test_a_scenario_about_something_else_is_told(happens: Effects) -> None:
    (sentence,) = failures(happens=happens)
    assert sentence.startswith("app: {'update': 1} happened, and the scenario is about ")
    assert sentence.endswith("(update group)")


def test_a_command_that_fails_is_told_with_its_stacks() -> None:
    failed = command(stack(result="failed", reason="no good"), exit_code=2)
    found = failures({"preview": failed, "deploy": None, "after": None})
    assert found[0] == "preview ended with 2: app: no good"


def test_a_command_that_does_not_get_to_its_stacks_is_told_with_its_words() -> None:
    found = failures({"preview": command(exit_code=2, said="locked"), "deploy": None, "after": None})
    assert found[0] == "preview ended with 2: locked"


def test_what_is_left_to_do_afterwards_is_told() -> None:
    assert failures({"after": command(stack(OPERATION))}) == (f"a second preview still has to update {URN}",)


def test_what_nobody_said_is_told() -> None:
    assert failures({"preview": command(stack())}) == (f"{URN}: update, where the preview says nothing",)


def test_what_happens_in_a_stack_that_the_preview_does_not_name_is_told() -> None:
    assert failures({"preview": command()}) == (f"{URN}: update, where the preview says nothing",)


def test_what_was_certain_and_did_not_happen_is_told() -> None:
    found = failures({"deploy": command(stack())})
    assert found[0] == f"{URN}: nothing, where the preview is sure of update"


def test_words_that_the_preview_lacks_are_told() -> None:
    assert failures(says={"audit": "left behind"}) == ("audit: the preview says '', and not: left behind",)
    reason = command(stack(OPERATION, reason="it is left behind"))
    assert failures({"preview": reason}, says={"app": "left behind"}) == ()
