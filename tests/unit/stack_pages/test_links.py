"""Every file that a page of the documentation links to is there."""

import re
from pathlib import Path

import pytest

from shared.environment.loading import REPOSITORY

PAGES = sorted([*REPOSITORY.glob("docs/*.md"), *REPOSITORY.glob("stacks/*/README.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_the_index_names_every_page() -> None:
    index = (REPOSITORY / "docs/README.md").read_text(encoding="utf-8")
    others = {path.name for path in (REPOSITORY / "docs").iterdir()} - {"README.md"}
    assert {name for name in others if f"({name})" not in index} == set()
