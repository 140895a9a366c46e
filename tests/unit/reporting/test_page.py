"""The page of a run: whole, safe and true for whatever texts there are."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from hypothesis import given, settings

from shared.reporting.model import RunReport
from shared.reporting.page.render import html_page
from tests.unit.reporting.sample_reports import BROKEN, FAILED_RUN, HOSTILE, report, reports, stack, step

_VOID = {"meta", "link", "input", "br", "hr", "img"}


class Reader(HTMLParser):
    """Reads a page as a browser does, and complains where elements are not closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.style = self.script = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            self.style += data
        elif self.open[-1:] == ["script"]:
            self.script += data
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def values(self, name: str) -> list[str]:
        return [value for _, known, value in self.attributes if known == name]


@settings(max_examples=30)
@given(reports)
def test_every_report_is_a_page_with_one_script_no_address_and_no_inline_code(found: RunReport) -> None:
    text = html_page(found)
    reader = Reader(text)
    assert text.startswith("<!doctype html>\n")
    assert text.count("<script") == text.count("<style") == 1
    assert not [name for _, name, _ in reader.attributes if name == "style" or name.startswith("on") or name == "src"]
    assert all(value.startswith("#") or value == "data:," for value in reader.values("href"))
    assert not re.search(r"url\(\s*['\"]?(?!#)|@import", reader.style)
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in reader.values("href") if value.startswith("#")} <= set(ids)


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else() -> None:
    reader = Reader(html_page(FAILED_RUN))

    def named(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert next(value for value in reader.values("content") if "default-src" in value).split("; ") == [
        "default-src 'none'",
        f"style-src {named(reader.style)}",
        f"script-src {named(reader.script)}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_hostile_texts_are_shown_as_they_are_but_for_what_steers() -> None:
    found = report(
        *(
            stack(
                f"{number}{text}", result="failed", reason=text, steps=(step(text, 0, 1, result="failed", error=text),)
            )
            for number, text in enumerate(HOSTILE)
        )
    )
    page = html_page(found)
    reader = Reader(page)
    assert "<script>alert(1)</script>" in reader.text
    assert "{{ 7 * 7 }}" in reader.text
    assert "0<script>" in "".join(reader.texts)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e\ufffe]", page)


def test_errors_come_first_with_the_resource_that_failed_and_those_that_had_not_ended() -> None:
    text = Reader(html_page(FAILED_RUN)).text
    told = text[text.index("Errors key_vault") :]
    assert told.startswith(
        "Errors key_vault stacks/key_vault/program.py:31: vault (a:b:C): VaultAlreadyExists: the name is taken "
        "create vault (azure-native:resources:ResourceGroup), after 18 s: VaultAlreadyExists: the name is taken "
        "create key (azure-native:resources:ResourceGroup) had not ended when the run did, 6.0 s after it began"
    )
    assert text.index("Errors key_vault") < text.index("why identity")


def test_the_head_says_how_the_run_went() -> None:
    text = Reader(html_page(FAILED_RUN)).text
    assert "deploy of prod ■ cancelled began 2026-11-20 09:30:00 UTC took 1 min 03 s commit c0ffeec0ffee" in text
    assert "exit code 4 ✗ 1 failed ■ 2 cancelled ↷ 1 skipped ✓ 1 succeeded +2 created" in text
    assert "tried again once" in text


def test_a_run_that_did_not_begin_is_its_error_and_nothing_else() -> None:
    text = Reader(html_page(BROKEN)).text
    assert "deploy of prod ✗ failed took 0.0 s exit code 2 Errors deploy --stacks: names no stack" in text
    assert "Timeline" not in text
    assert "Operations" not in text


def test_a_big_run_stays_small_and_shows_little_at_once() -> None:
    steps = tuple(step(f"resource-{number}", number, number + 1) for number in range(20))
    found = report(*(stack(f"stack_{number}", steps=steps, upstreams=()) for number in range(100)))
    page = html_page(found)
    assert len(page) < 2_000_000
    assert page.count("<details") == 200
    assert page.count("<details open") == page.count('" open>') == 0


def test_drift_that_was_found_does_not_look_like_success() -> None:
    run = report(stack("a"), command="drift").model_copy(update={"exit_code": 10, "differences": "found"})
    text = html_page(run)
    assert "≠ drift found" in Reader(text).text
    assert 'class="chip cancelled">≠' in text
