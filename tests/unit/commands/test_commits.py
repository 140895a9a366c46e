"""The commit of a work tree, which is for information only."""

import subprocess
from pathlib import Path

import pytest

from shared.commands.commits import commit_of


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_it_is_the_commit_that_is_checked_out(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert commit_of(tmp_path) is None
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    assert commit_of(tmp_path) == git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "inside").mkdir()
    assert commit_of(tmp_path / "inside") == git(tmp_path, "rev-parse", "HEAD")


def test_without_a_repository_or_without_git_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit_of(tmp_path) is None
    assert commit_of(tmp_path / "nowhere") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of(tmp_path) is None
