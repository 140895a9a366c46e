"""What the commands printed about one scenario, as a story: who said what, what happened, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from tests.scenarios.comparison import Kinds, Said, StackStory, Story, counted
from tests.scenarios.scenario import Effects, Scenario

_NOTHING: Final[dict[str, Any]] = {"result": "unchanged", "reason": "", "operations": []}

Told = Mapping[str, Any]
"""What tests.scenarios.one_change prints."""


def story_of(scenario: Scenario, told: Told, platform: Literal["small", "real"]) -> Story:
    """Return the story of a scenario."""
    stacks = _stack_stories(told)
    failures = (
        *_failed_commands(told),
        *_left_to_do(told),
        *(sentence for one in stacks for sentence in (*one.verdict.missed, *one.verdict.wrong)),
        *_unlike(scenario.happens, stacks),
        *_unsaid(scenario.says, _by_name(told["preview"]["document"])),
    )
    return Story(name=scenario.name, text=scenario.story, platform=platform, stacks=stacks, failures=failures)


def _stack_stories(told: Told) -> tuple[StackStory, ...]:
    said, plain = _by_name(told["preview"]["document"]), _by_name(told["plain"])
    done = _by_name(told["deploy"]["document"]) if told["deploy"] else {}
    return tuple(
        StackStory(
            stack=name,
            said=Said.of_preview(said.get(name, _NOTHING)),
            plain=Said.of_plain_preview(plain.get(name, _NOTHING)),
            happened=Said.of_preview(done.get(name, _NOTHING)).certain,
        )
        for name in dict.fromkeys([*said, *done])
    )


def _by_name(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {stack["name"]: stack for stack in document["stacks"]}


def _failed_commands(told: Told) -> list[str]:
    failures: list[str] = []
    for name in ("preview", "deploy", "after"):
        document = told[name]["document"] if told[name] else None
        if document and document["exit_code"]:
            stacks = [f"{one['name']}: {one['reason']}" for one in document["stacks"] if one["result"] == "failed"]
            failures.append(f"{name} ended with {document['exit_code']}: {'; '.join(stacks) or told[name]['said']}")
    return failures


def _left_to_do(told: Told) -> list[str]:
    stacks = told["after"]["document"]["stacks"] if told["after"] else []
    return [
        f"a second preview still has to {operation['certain'] or operation['possible']} {operation['urn']}"
        for stack in stacks
        for operation in stack["operations"]
    ]


def _unlike(expected: Effects, stacks: Sequence[StackStory]) -> list[str]:
    """Return where something else happened than the scenario is made for."""
    failures: list[str] = []
    for one in stacks:
        effect = expected.get(one.stack, {})
        happened = counted(one.happened)
        if (happened if isinstance(effect, Mapping) else set(happened)) != effect:
            made_for = f"the scenario is about {effect or 'nothing'} there"
            failures.append(f"{one.stack}: {happened or 'nothing'} happened, and {made_for} ({_listed(one.happened)})")
    return failures


def _unsaid(says: Mapping[str, str], stacks: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return which words of the preview are missing."""
    reasons = {stack: str(stacks.get(stack, _NOTHING)["reason"]) for stack in says}
    return [
        f"{stack}: the preview says {reasons[stack]!r}, and not: {words}"
        for stack, words in says.items()
        if words not in reasons[stack]
    ]


def _listed(kinds: Kinds) -> str:
    return ", ".join(f"{kind} {urn.rpartition('::')[2]}" for urn, kind in sorted(kinds.items()))
