"""The page in a browser: on a telephone and a wide screen, in light and dark, on paper, by keyboard."""

from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal

import pytest

from shared.reporting.model import Changes, OperationReport, RunReport
from shared.reporting.page.render import html_page
from tests.browser import Page, browser_path, opened_page
from tests.unit.reporting.sample_reports import BROKEN, FAILED_RUN, HOSTILE, report, stack, step

pytestmark = pytest.mark.skipif(browser_path() is None, reason="there is no Chromium here; .ci/run installs one")

# The ratio of luminances of every text and its background ("Web Content Accessibility Guidelines 2.2", 1.4.3), with the
# lowest first. Texts in pictures stand on the rectangle before them.
_CONTRASTS = """
(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    if (element.tagName === "text" && element.parentElement.querySelector("rect")) {
      return getComputedStyle(element.parentElement.querySelector("rect")).fill;
    }
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ["SCRIPT", "STYLE", "TITLE", "title"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const [one, other] = [element.tagName === "text" ? style.fill : style.color, behind(element)].map(luminance);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.push([ratio, walker.currentNode.data.trim().slice(0, 40)]);
  }
  return found.sort((one, other) => one[0] - other[0]).slice(0, 3);
})()
"""
# What is wider than the window and not in a region that can be scrolled.
_TOO_WIDE = """
[...document.body.querySelectorAll("*")]
  .filter((one) => !one.closest(".scroll, .timeline, svg, thead") && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.tagName + " " + one.className + " " + one.textContent.slice(0, 40))
"""


def operations(count: int) -> tuple[OperationReport, ...]:
    common: dict[str, Any] = {"urn": "u", "type": "azure-native:authorization:RoleAssignment", "properties": ("scope",)}
    return tuple(
        OperationReport(
            **common,
            name=f"role-{number}",
            certain="update" if number % 2 else "replace",
            possible=None if number % 3 else "replace",
            reasons=() if number % 3 else ("scope comes from main", "main is made new"),
        )
        for number in range(count)
    )


def big_run() -> RunReport:
    """A run of 100 stacks and 2000 resources, each stack reading from three of the ten before it."""
    names = [f"stack_{number // 10}_{number % 10}" for number in range(100)]
    return report(
        *(
            stack(
                name,
                began=number // 10 * 30.0,
                ended=number // 10 * 30.0 + 25.0,
                seconds=25.0,
                changes=Changes(create=20),
                upstreams=tuple(names[(number // 10 - 1) * 10 + (number + by) % 10] for by in range(3))
                if number >= 10
                else (),
                steps=tuple(step(f"resource-{one}", number // 10 * 30.0 + one, None) for one in range(20)),
                operations=operations(20),
            )
            for number, name in enumerate(names)
        ),
        seconds=330.0,
    )


PAGES = {
    "failed": FAILED_RUN,
    "broken": BROKEN,
    "preview": report(stack("s", operations=operations(9), outputs=("id",)), command="preview"),
    "hostile": report(
        *(stack(f"{number}{text}", result="failed", reason=text * 3) for number, text in enumerate(HOSTILE))
    ),
    "empty": report(),
    "big": big_run(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("pages")
    for name, content in PAGES.items():
        (found / f"{name}.html").write_text(html_page(content), encoding="utf-8", errors="replace")
    return found


@pytest.fixture(scope="module")
def page() -> Generator[Page]:
    with opened_page() as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_is_complained_of(page: Page) -> Generator[None]:
    page.complaints.clear()
    yield
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_fits_and_every_text_can_be_read(
    page: Page, folder: Path, name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.show(folder / f"{name}.html", width=width, scheme=scheme)
    assert page.says("document.documentElement.scrollWidth") <= width
    assert page.says(_TOO_WIDE) == []
    assert page.says("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
    for ratio, text in page.says(_CONTRASTS):
        assert ratio >= 4.5, text


def test_the_page_says_everything_without_its_script(page: Page, folder: Path, tmp_path: Path) -> None:
    text = (folder / "failed.html").read_text(encoding="utf-8")
    before, _, rest = text.partition("<script>")
    (tmp_path / "plain.html").write_text(before + rest.partition("</script>")[2], encoding="utf-8")
    page.show(tmp_path / "plain.html", width=1600)
    assert page.says("[...document.querySelectorAll('[data-comfort]')].every((one) => one.hidden)") is True
    page.says("document.querySelectorAll('summary').forEach((one) => one.click())")
    text = page.says("document.body.innerText")
    for said in ("VaultAlreadyExists", "identity", "waits for other stacks", "reads from identity, key_vault"):
        assert said in text


def test_the_timeline_is_stretched_without_a_script_and_scrolls_in_itself(page: Page, folder: Path) -> None:
    page.show(folder / "failed.html", width=1600)
    width = "document.querySelector('.tracks').offsetWidth"
    whole = page.says(width)
    page.says("document.getElementById('zoom-20').click()")
    assert page.says(width) > 10 * whole
    assert page.says("document.documentElement.scrollWidth") <= 1600


def test_operations_can_be_searched_opened_and_closed(page: Page, folder: Path) -> None:
    page.show(folder / "preview.html", width=1600)
    search = "const field = document.querySelector('[data-filter]'); field.value = {!r};"
    rows = "[...document.querySelectorAll('[data-row]')].filter((one) => one.checkVisibility()).length"
    assert page.says(rows) == 9
    for wanted, count in (("role-3", 1), ("nothing", 0), ("", 9)):
        page.says(f"{{ {search.format(wanted)} field.dispatchEvent(new Event('input')) }}")
        assert page.says(rows) == count
    page.says("document.querySelector('#operations [data-open=no]').click()")
    assert page.says(rows) == 0
    page.says("document.querySelector('#operations [data-open=yes]').click()")
    assert page.says(rows) == 9


def test_everything_is_reached_by_keyboard(page: Page, folder: Path) -> None:
    page.show(folder / "failed.html", width=1600)
    reached: set[str] = set()
    for _ in range(40):
        page.press("Tab")
        reached.add(page.says("document.activeElement.id || document.activeElement.getAttribute('class') || 'link'"))
    assert {"scroll", "timeline", "zoom-1", "line"} <= reached
    page.says("document.querySelector('#stack-1 summary').focus()")
    page.press("Enter")
    assert page.says("document.querySelector('#stack-1').open") is True


def test_paper_shows_what_is_folded_up(page: Page, folder: Path) -> None:
    page.show(folder / "big.html", width=1000)
    page.media("print")
    try:
        page.says("dispatchEvent(new Event('beforeprint'))")
        assert page.says("[...document.querySelectorAll('details')].every((one) => one.open)") is True
        assert page.says("document.querySelector('nav').checkVisibility()") is False
    finally:
        page.media("screen")


def test_a_big_page_is_light(folder: Path) -> None:
    assert (folder / "big.html").stat().st_size < 3_000_000
