"""Pull requests on the five stacks: what the preview says of each, and what then happens."""

from collections.abc import Generator
from contextlib import closing

import pytest

from tests.sandbox.platform_copy import PlatformCopy
from tests.scenarios.chain import Chain
from tests.scenarios.comparison import Story
from tests.scenarios.real_scenarios import REAL
from tests.scenarios.scenario import Scenario

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Generator[Chain]:
    with closing(Chain(PlatformCopy.make(tmp_path_factory.mktemp("real")), REAL, "real")) as chain:
        yield chain


@pytest.mark.parametrize("scenario", REAL, ids=lambda scenario: scenario.name)
def test_what_is_said_happens_and_nothing_else(chain: Chain, scenario: Scenario, stories: list[Story]) -> None:
    story = chain.run(scenario)
    stories.append(story)
    assert not story.failures, "\n".join(story.failures)
