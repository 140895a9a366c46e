"""Pull requests on four small stacks: what the preview says of each, and what then happens."""

from collections.abc import Generator
from contextlib import closing

import pytest

from tests.scenarios.chain import Chain
from tests.scenarios.comparison import Story
from tests.scenarios.scenario import Scenario
from tests.scenarios.small_scenarios import SMALL
from tests.scenarios.small_sources import small_chain

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Generator[Chain]:
    with closing(Chain(small_chain(tmp_path_factory.mktemp("small")), SMALL, "small")) as chain:
        yield chain


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_what_is_said_happens_and_nothing_else(chain: Chain, scenario: Scenario, stories: list[Story]) -> None:
    story = chain.run(scenario)
    stories.append(story)
    assert not story.failures, "\n".join(story.failures)
