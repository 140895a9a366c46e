"""The README's commands work in the order in which a newcomer types them, and print what it shows."""

import re
from pathlib import Path

import pytest

from shared.environment.loading import REPOSITORY
from tests.sandbox.platform_copy import PlatformCopy

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")

# The command that runs this test cannot be run by it.
_LEFT_OUT = ["./inv test"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("console") for line in block.splitlines()]


def with_numbers_masked(text: str) -> list[str]:
    """Return the words of a table: times differ from run to run, and widths with them."""
    words = re.sub(r"[┏┳┓┡╇┩┃│└┴┘━─]", " ", text)
    return re.sub(r"\d+(\.\d+)?", "N", words).split()


@pytest.mark.sandbox
def test_the_commands_work_in_their_order_and_the_first_prints_what_is_shown(tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    typed = [command for command in commands() if command not in _LEFT_OUT]
    answers = {}
    for command in typed:
        launcher, *arguments = command.split()
        assert launcher == "./inv"
        answers[command] = platform.invoke(*arguments)
        assert answers[command].code == 0, f"{command}\n{answers[command].stdout}\n{answers[command].stderr}"
    (shown,) = blocks("text")
    assert with_numbers_masked(shown) == with_numbers_masked(answers[typed[0]].stdout)


def test_the_readme_gives_the_two_commands_that_are_each_enough() -> None:
    assert {"./inv deploy --env sandbox --yes", "./inv test"} <= set(commands())


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not (REPOSITORY / link).exists()] == []
