"""The table and the page that tell how scenarios went."""

from html.parser import HTMLParser

from tests.scenarios.comparison import Said, StackStory, Story
from tests.scenarios.page import page_text
from tests.scenarios.table import table_text

URN = "urn:pulumi:sandbox::app::azure-native:resources:ResourceGroup::<group>"
RIGHT = StackStory(
    stack="ground", said=Said(certain={URN: "update"}), plain=Said(certain={URN: "update"}), happened={URN: "update"}
)
MISSED = StackStory(stack="app", said=Said(possible={URN: "replace"}), plain=Said(), happened={URN: "replace"})
BLOCKED = StackStory(stack="data", said=Said(), plain=Said(blocked="no <output>"), happened={})
QUIET = StackStory(stack="logs", said=Said(), plain=Said(), happened={})
STORY = Story(name="value change", text="A <word>.", platform="small", stacks=(RIGHT, MISSED, BLOCKED, QUIET))
FAILED = Story(name="wrong", text="Not so.", platform="real", stacks=(QUIET,), failures=("it went wrong",))


class Reader(HTMLParser):
    """Notes the tags of a page, and what its attributes lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in {"src", "href"}]


def row(text: str, stack: str) -> list[str]:
    line = next(line for line in text.splitlines() if f" {stack} " in line)
    return [cell.strip() for cell in line.split("│")[1:-1]]


def test_the_table_has_each_stack_that_something_is_said_of() -> None:
    text = table_text([STORY], width=160)
    assert row(text, "ground") == ["value change", "ground", "~1", "", "~1", "right", "~1", "right"]
    assert row(text, "app") == ["", "app", "", "+-1", "+-1", "right", "", "missed 1"]
    assert row(text, "data") == ["", "data", "", "", "", "right", "blocked", "blocked"]
    assert " logs " not in text


def test_the_sums_of_both_ways_are_below_the_table() -> None:
    lines = table_text([STORY], width=160).splitlines()
    assert lines[-3] == "1 scenarios, 3 previews of stacks that something was said of or done to"
    assert lines[-2].startswith(
        "whole graph: 3 right, 0 missed something, 0 with false alarms, 0 blocked; 0 operations"
    )
    assert lines[-1].startswith("each stack alone: 1 right, 1 missed something, 0 with false alarms, 1 blocked; 1 op")


def test_a_scenario_that_failed_says_so() -> None:
    assert "wrong (failed)" in table_text([FAILED], width=160)
    assert "it went wrong" in page_text([FAILED])


def test_the_page_needs_nothing_else_and_takes_no_text_for_tags() -> None:
    text = page_text([STORY, FAILED])
    page = Reader(text)
    assert page.links == []
    assert "url(" not in text
    assert "@import" not in text
    assert not {"script", "link", "img", "group", "output", "word"} & set(page.tags)
    assert "&lt;group&gt;" in text
    assert "prefers-color-scheme: dark" in text


def test_the_page_tells_every_story_with_its_stacks() -> None:
    text = page_text([STORY, FAILED])
    assert text.startswith("<!doctype html>")
    assert Reader(text).tags.count("article") == 2
    for part in (
        "value change",
        "update &lt;group&gt;",
        "no &lt;output&gt;",
        "Nothing said of, and nothing done to: logs",
    ):
        assert part in text
