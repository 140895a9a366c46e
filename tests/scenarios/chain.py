"""Scenarios one after another on one sandbox: each begins where the last one ended."""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any, Final, Literal

from shared.environment.loading import REPOSITORY
from tests.sandbox.platform_copy import PlatformCopy
from tests.scenarios.cloud_log import clouds, contradictions
from tests.scenarios.comparison import Story
from tests.scenarios.leaks import places
from tests.scenarios.scenario import Scenario
from tests.scenarios.storytelling import story_of

# Not a file: every worker process would run it again, to have the same main module.
_CHANGES: Final = "from tests.scenarios.one_change import main; main()"


class Chain:
    """Runs scenarios in their order on one copy of the repository. kind: which stacks that has."""

    def __init__(self, platform: PlatformCopy, scenarios: Sequence[Scenario], kind: Literal["small", "real"]) -> None:
        self._platform = platform
        self._scenarios = tuple(scenarios)
        self._kind: Literal["small", "real"] = kind
        self._done = 0
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed by close
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHANGES],
            cwd=platform.root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(platform.root), str(REPOSITORY)])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def close(self) -> None:
        """End the process that makes the changes."""
        self._process.communicate()
        self._said.close()

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
        state = self._platform.state
        before = clouds(state)
        started = time.monotonic()
        told, text = self._one_change(scenario)
        seconds = time.monotonic() - started
        story = story_of(scenario, told, self._kind)
        happened = {urn: kind for one in story.stacks for urn, kind in one.happened.items()}
        leaks = [place for secret in scenario.planted for place in places(secret, text, state)]
        failures = (*story.failures, *contradictions(happened, before, clouds(state)), *leaks)
        return dataclasses.replace(story, failures=failures, seconds=seconds)

    def _one_change(self, scenario: Scenario) -> tuple[dict[str, Any], str]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{self._platform.state}\t{','.join(scenario.confirm)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        self._said.seek(0)
        said = self._said.read()
        assert line, f"{scenario.name}: {said}"
        return json.loads(line), line + said
