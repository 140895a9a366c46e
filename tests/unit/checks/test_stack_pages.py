"""A page of which a part is made from code is what the code makes now, and a program that fails is told."""

import subprocess
from pathlib import Path

import pytest

from shared.checks import stack_pages
from shared.checks.result import CheckResult


def test_pages_as_they_should_be_pass(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("text\n", encoding="utf-8")
    assert stack_pages.compare(tmp_path, {"one.md": "text\n"}) == CheckResult(ok=True)


def test_every_page_that_differs_or_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("| private endpoint | 1 |\n", encoding="utf-8")
    result = stack_pages.compare(tmp_path, {"one.md": "| private endpoint | 2 |\n", "two.md": "text\n"})
    assert not result.ok
    assert "one.md: is not what the code makes" in result.detail
    assert "+| private endpoint | 2 |" in result.detail
    assert "two.md: is missing" in result.detail
    assert "python -m shared.stack_pages" in result.fix


def test_what_keeps_the_pages_from_being_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, stdout="", stderr="Traceback\nx has no price; say so\n")

    monkeypatch.setattr(stack_pages.subprocess, "run", fail)
    result = stack_pages.check_stack_pages(tmp_path)
    assert "the pages of the stacks cannot be made: x has no price" in result.detail
