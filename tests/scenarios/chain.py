"""Scenarios one after another on one sandbox: each begins where the last one ended."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from tests.sandbox.platform_copy import PlatformCopy
from tests.scenarios.cloud_log import clouds, contradictions
from tests.scenarios.comparison import Kinds, Said, StackStory, Story, counted
from tests.scenarios.scenario import Effects, Scenario

# Not a file: every worker process would run it again, to have the same main module.
_ONE_CHANGE: Final = "from tests.scenarios.one_change import main; main()"
_NOTHING: Final[dict[str, Any]] = {"result": "unchanged", "reason": "", "operations": []}


class Chain:
    """Runs scenarios in their order on one copy of the repository. kind: which stacks that has."""

    def __init__(self, platform: PlatformCopy, scenarios: Sequence[Scenario], kind: Literal["small", "real"]) -> None:
        self._platform = platform
        self._scenarios = tuple(scenarios)
        self._kind: Literal["small", "real"] = kind
        self._done = 0

    def run(self, scenario: Scenario) -> Story:
        """Return how a scenario goes. Those before it that nobody asked for are deployed first, all at once."""
        skipped = self._scenarios[self._done : self._scenarios.index(scenario)]
        for one in skipped:
            one.apply(self._platform)
        if skipped:
            lost = ",".join(name for one in skipped for name in one.confirm)
            deployed = self._platform.run("deploy", "--yes", "--json", "--confirm", lost)
            assert deployed.code == 0, f"what comes before {scenario.name} was not deployed: {deployed.stderr}"
        self._done = self._scenarios.index(scenario) + 1
        scenario.apply(self._platform)
        return self._told(scenario)

    def _told(self, scenario: Scenario) -> Story:
        before = clouds(self._platform.state)
        started = time.monotonic()
        told, text = self._one_change(scenario)
        seconds = time.monotonic() - started
        stacks = _stack_stories(told)
        happened = {urn: kind for one in stacks for urn, kind in one.happened.items()}
        failures = [
            *_failed_commands(told),
            *(sentence for one in stacks for sentence in (*one.verdict.missed, *one.verdict.wrong)),
            *contradictions(happened, before, clouds(self._platform.state)),
            *_unlike(scenario.happens, stacks),
            *(f"a planted secret of {scenario.name} is in what was printed" for one in scenario.planted if one in text),
        ]
        return Story(
            name=scenario.name,
            text=scenario.story,
            platform=self._kind,
            stacks=stacks,
            failures=tuple(failures),
            seconds=seconds,
        )

    def _one_change(self, scenario: Scenario) -> tuple[dict[str, Any], str]:
        arguments = [sys.executable, "-c", _ONE_CHANGE, str(self._platform.state), ",".join(scenario.confirm)]
        done = subprocess.run(
            arguments,
            cwd=self._platform.root,
            env={**os.environ, "PYTHONPATH": str(self._platform.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{scenario.name}: {done.stderr}"
        return json.loads(done.stdout), done.stdout + done.stderr


def _stack_stories(told: dict[str, Any]) -> tuple[StackStory, ...]:
    said, plain, done = (_by_name(document) for document in _documents(told))
    return tuple(
        StackStory(
            stack=name,
            said=Said.of_preview(stack),
            plain=Said.of_plain_preview(plain.get(name, _NOTHING)),
            happened=Said.of_preview(done.get(name, _NOTHING)).certain,
        )
        for name, stack in said.items()
    )


def _documents(told: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    deployed = told["deploy"]["document"] if told["deploy"] else {"stacks": []}
    return told["preview"]["document"], told["plain"], deployed


def _by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {stack["name"]: stack for stack in document["stacks"]}


def _failed_commands(told: dict[str, Any]) -> list[str]:
    """Return what went wrong with the commands themselves, and what the second preview found left to do."""
    failures: list[str] = []
    for name in ("preview", "deploy", "after"):
        document = told[name]["document"] if told[name] else None
        if document and document["exit_code"]:
            stacks = [f"{one['name']}: {one['reason']}" for one in document["stacks"] if one["result"] == "failed"]
            failures.append(f"{name} ended with {document['exit_code']}: {'; '.join(stacks) or told[name]['said']}")
    left = told["after"]["document"]["stacks"] if told["after"] else []
    failures += [
        f"a second preview still has to {operation['certain'] or operation['possible']} {operation['urn']}"
        for stack in left
        for operation in stack["operations"]
    ]
    return failures


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


def _listed(kinds: Kinds) -> str:
    return ", ".join(f"{kind} {urn.rpartition('::')[2]}" for urn, kind in sorted(kinds.items()))
