"""Tells all scenarios in one table at the end of the run, and on one page."""

import shutil

import pytest

from shared.environment.loading import REPOSITORY
from tests.scenarios.comparison import Story
from tests.scenarios.page import page_text
from tests.scenarios.table import table_text

_STORIES = pytest.StashKey[list[Story]]()
_PAGE = REPOSITORY / ".sandbox" / "scenarios.html"


@pytest.fixture
def stories(pytestconfig: pytest.Config) -> list[Story]:
    return pytestconfig.stash.setdefault(_STORIES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    stories = config.stash.get(_STORIES, [])
    if not stories:
        return
    terminalreporter.section("scenarios")
    terminalreporter.write(table_text(stories, shutil.get_terminal_size((200, 50)).columns))
    _PAGE.parent.mkdir(parents=True, exist_ok=True)
    _PAGE.write_text(page_text(stories), encoding="utf-8")
    terminalreporter.write_line(f"written: {_PAGE}")
