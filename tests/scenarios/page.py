"""All scenarios as one HTML page that needs nothing else."""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from tests.scenarios.comparison import Kinds, StackStory, Story, Total, Verdict, total

_STYLE: Final = """
:root { color-scheme: light dark; --text: #1d2733; --dim: #566473; --back: #fff; --card: #f4f6f8; --line: #d5dce3;
  --good: #0f6b3a; --goodback: #e2f3e8; --bad: #a11a24; --badback: #fbe6e7; --odd: #7a5200; --oddback: #fbf0d8; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e9ef; --dim: #9fadba; --back: #12181e; --card: #1b232b;
  --line: #33404c; --good: #7fd6a2; --goodback: #14331f; --bad: #ff9da3; --badback: #431a1d; --odd: #f0c56b;
  --oddback: #3a2d10; } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem }
h2, h3 { font-size: 1.1rem; margin: 0 }
h2.chapter { font-size: 1.4rem; margin: 2.5rem 0 .75rem }
p { margin: .25rem 0; max-width: 62rem }
.dim { color: var(--dim) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; margin: 1.5rem 0 }
.cards section { background: var(--card); border-radius: .5rem; padding: 1rem 1.25rem }
.big { font-size: 2rem; font-weight: 650; line-height: 1.2 }
article { border-top: 1px solid var(--line); padding: 1.25rem 0 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; min-width: 54rem; margin-top: .75rem; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere }
th { color: var(--dim); font-weight: 600 }
td ul { list-style: none; margin: 0; padding: 0 }
p.bad { padding: .25rem .75rem; border-radius: .25rem }
.chip { display: inline-block; border-radius: 1rem; padding: 0 .6rem; font-weight: 600; white-space: nowrap }
.good { color: var(--good); background: var(--goodback) }
.bad { color: var(--bad); background: var(--badback) }
.odd { color: var(--odd); background: var(--oddback) }
"""
_COLUMNS: Final = ("Stack", "Certain", "Possible", "Happened", "Whole graph", "Each stack alone said", "Alone")
_WIDTHS: Final = (12, 15, 14, 15, 12, 19, 13)
_MANY: Final = 6
_PLATFORMS: Final = {"small": "Four small stacks in a diamond", "real": "The five stacks of the platform"}


def page_text(stories: Sequence[Story]) -> str:
    """Return the page."""
    root = _element(
        "html",
        _element(
            "head",
            _element("meta", charset="utf-8"),
            _element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            _element("title", "What previews said, and what happened"),
            _element("style", _STYLE),
        ),
        _element("body", *_introduction(stories), *_chapters(stories)),
        lang="en",
    )
    return "<!doctype html>\n" + ET.tostring(root, encoding="unicode", method="html") + "\n"


def _element(tag: str, *children: "str | ET.Element", **attributes: str) -> ET.Element:
    """Return an element. Text is escaped when it is written. css: its class."""
    named = {"class" if name == "css" else name: value for name, value in attributes.items()}
    made = ET.Element(tag, named)
    for child in children:
        if isinstance(child, ET.Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + child
        else:
            made.text = (made.text or "") + child
    return made


def _introduction(stories: Sequence[Story]) -> Iterable[ET.Element]:
    stacks = [stack for story in stories for stack in story.stacks if stack.tells]
    failed = [story.name for story in stories if story.failures]
    yield _element("h1", "What previews said, and what happened")
    yield _element(
        "p",
        f"{len(stories)} pull requests, one after another, on simulated clouds behind the real Pulumi engine. Each was "
        "previewed in two ways and then deployed. The whole-graph preview (invoke preview) shows every stack against "
        "what its upstreams are planned to publish; what it calls certain must happen, and what it names neither "
        "certain nor possible must not. For comparison, each stack was previewed alone, as Pulumi does it, against "
        "what its upstreams published at their last deployment.",
    )
    if failed:
        yield _element("p", _chip("failed", "bad"), " " + ", ".join(failed))
    yield _element(
        "div",
        _card("Whole graph", total(one.verdict for one in stacks), len(stacks), _possibly(stacks)),
        _card("Each stack alone", total(one.plain_verdict for one in stacks), len(stacks), ""),
        css="cards",
    )
    yield _element(
        "p",
        "Missed: happened, and the preview did not say so. False alarm: the preview was sure of it, and it did not "
        "happen like that; a preview of one stack alone does not tell sure from unsure. Blocked: the preview failed, "
        "as an upstream or one of its outputs does not exist yet.",
        css="dim",
    )


def _possibly(stacks: Sequence[StackStory]) -> str:
    named = sum(len(one.said.possible) for one in stacks)
    spared = sum(len(one.verdict.spared) for one in stacks)
    return f"{named} operations were called possible, with the reason; {spared} of them did not happen."


def _card(title: str, found: Total, stacks: int, more: str) -> ET.Element:
    wrong = f"{found.missed} missed something, {found.false_alarms} had false alarms, {found.blocked} were blocked."
    return _element(
        "section",
        _element("h2", title),
        _element("p", f"{found.right} of {stacks}", css="big"),
        _element("p", f"previews of a stack that something was said of or done to were right. {wrong}"),
        _element("p", f"{found.operations_missed} operations happened that were not foreseen. {more}", css="dim"),
    )


def _chapters(stories: Sequence[Story]) -> Iterable[ET.Element]:
    for platform, title in _PLATFORMS.items():
        mine = [story for story in stories if story.platform == platform]
        if mine:
            yield _element("h2", title, css="chapter")
        for number, story in enumerate(mine, start=1):
            yield _article(number, story)


def _article(number: int, story: Story) -> ET.Element:
    verdict = _chip("failed", "bad") if story.failures else _chip("as foreseen", "good")
    failures = [_element("p", sentence, css="bad") for sentence in story.failures]
    quiet = [stack.stack for stack in story.stacks if not stack.tells]
    rows = [_row(stack) for stack in story.stacks if stack.tells]
    return _element(
        "article",
        _element("h3", f"{number}. {story.name} ", verdict),
        _element("p", story.text),
        *failures,
        *([_table(rows)] if rows else []),
        *([_element("p", f"Nothing said of, and nothing done to: {', '.join(quiet)}.", css="dim")] if quiet else []),
    )


def _table(rows: Sequence[ET.Element]) -> ET.Element:
    heads = (_element("th", name, style=f"width: {width}%") for name, width in zip(_COLUMNS, _WIDTHS, strict=True))
    head = _element("thead", _element("tr", *heads))
    return _element("div", _element("table", head, _element("tbody", *rows)), css="scroll")


def _row(stack: StackStory) -> ET.Element:
    plain = _element("td", stack.plain.blocked) if stack.plain.blocked else _operations(stack.plain.certain)
    return _element(
        "tr",
        _element("td", stack.stack),
        _operations(stack.said.certain),
        _operations(stack.said.possible),
        _operations(stack.happened),
        _element("td", _verdict(stack.verdict)),
        plain,
        _element("td", _verdict(stack.plain_verdict)),
    )


def _operations(kinds: Kinds) -> ET.Element:
    lines = [f"{kind} {urn.split('::', 3)[3]}" for urn, kind in sorted(kinds.items(), key=lambda one: one[::-1])]
    if len(lines) <= _MANY:
        return _element("td", _list(lines))
    summary = _element("summary", ", ".join(_counts(kinds)))
    return _element("td", _element("details", summary, _list(lines)))


def _counts(kinds: Kinds) -> Iterable[str]:
    found = sorted(kinds.values())
    return (f"{found.count(kind)} {kind}" for kind in dict.fromkeys(found))


def _list(lines: Sequence[str]) -> ET.Element:
    return _element("ul", *(_element("li", line) for line in lines))


def _verdict(verdict: Verdict) -> ET.Element:
    return _chip(str(verdict), "good" if verdict.right else "odd" if verdict.blocked else "bad")


def _chip(text: str, css: str) -> ET.Element:
    return _element("span", text, css=f"chip {css}")
