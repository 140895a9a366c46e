"""The locks are what pyproject.toml asks for, whole, and name no place.

The check is tried on a small project whose packages a local folder serves; whether this repository's own locks are
fresh is for `invoke check` to tell, which needs the package index.
"""

import re
from pathlib import Path

import pytest

from shared.checks.locks import LOCKS, Lock, check_locks, compile_lock
from tests.unit.checks.conftest import REPOSITORY
from tests.unit.launcher.conftest import make_wheel

PROJECT, CHECKOV = LOCKS
PYPROJECT = """\
[project]
name = "small"
version = "1"
requires-python = ">=3.11"
dependencies = ["alpha>=1"]

[dependency-groups]
dev = ["beta>=1"]
policy = ["gamma>=1"]
"""


def versions_of(lock: Lock) -> dict[str, str]:
    text = (REPOSITORY / lock.path).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text, flags=re.MULTILINE))


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with both locks, on a machine that gets its packages from a folder."""
    packages, root = tmp_path / "packages", tmp_path / "project"
    packages.mkdir()
    (root / "requirements").mkdir(parents=True)
    for name in ("alpha", "beta", "gamma", "delta"):
        make_wheel(packages, name, "")
    monkeypatch.setenv("UV_FIND_LINKS", str(packages))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    (root / "pyproject.toml").write_text(PYPROJECT)
    for lock in LOCKS:
        compile_lock(root, lock, root / lock.path)
    return root


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_locks_hold_what_is_asked_for_with_hashes_and_no_place(locked: Path) -> None:
    project, checkov = ((locked / lock.path).read_text() for lock in LOCKS)

    assert re.findall(r"^(\w+)==1.0 \\\n    --hash=sha256:[0-9a-f]{64}$", project, re.MULTILINE) == ["alpha", "beta"]
    assert re.findall(r"^(\w+)==", checkov, re.MULTILINE) == ["gamma"]
    assert str(locked.parent) not in project
    assert not re.search(r"(?m)^-", project)


def test_fresh_locks_pass_and_are_left_as_they_are(locked: Path) -> None:
    before = {lock.path: (locked / lock.path).stat().st_mtime_ns for lock in LOCKS}

    result = check_locks(locked)

    assert result.ok, result.detail
    assert {lock.path: (locked / lock.path).stat().st_mtime_ns for lock in LOCKS} == before


def test_a_dependency_without_a_lock_line_fails(locked: Path) -> None:
    change(locked / "pyproject.toml", '"alpha>=1"', '"alpha>=1", "delta>=1"')

    result = check_locks(locked, (PROJECT,))

    assert result.detail == "requirements/project.txt: is not what pyproject.toml asks for"
    assert "shared.checks.write_locks" in result.fix


def test_a_line_that_nothing_asks_for_fails(locked: Path) -> None:
    change(locked / "pyproject.toml", '"beta>=1"', "")

    assert not check_locks(locked, (PROJECT,)).ok


def test_a_changed_hash_fails(locked: Path) -> None:
    lock = locked / PROJECT.path
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", "sha256:0", lock.read_text(), count=1))

    assert not check_locks(locked, (PROJECT,)).ok


def test_a_missing_lock_fails(locked: Path) -> None:
    (locked / CHECKOV.path).unlink()

    assert check_locks(locked, (CHECKOV,)).detail == "requirements/checkov.txt: is missing"


def test_ranges_that_nothing_fits_fail_with_that_reason(locked: Path) -> None:
    change(locked / "pyproject.toml", '"alpha>=1"', '"alpha>=1,<1"')

    result = check_locks(locked, (PROJECT,))

    assert "uv finds no versions that fit" in result.detail
    assert "change the ranges" in result.fix


@pytest.mark.parametrize(
    "surroundings",
    [{}, {"UV_OFFLINE": "0", "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}],
    ids=["offline", "nobody answers"],
)
def test_without_the_index_the_check_fails_and_says_so(
    locked: Path, monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str]
) -> None:
    monkeypatch.delenv("UV_FIND_LINKS")
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)

    result = check_locks(locked, (PROJECT,))

    assert "the package index cannot be reached" in result.detail
    assert "where the package index can be reached" in result.fix


def test_checkov_and_pulumi_each_get_the_packaging_they_need() -> None:
    project, checkov = versions_of(PROJECT), versions_of(CHECKOV)

    assert "pulumi" in project
    assert "checkov" in checkov
    assert int(project["packaging"].split(".")[0]) >= 26
    assert int(checkov["packaging"].split(".")[0]) < 24
    assert "checkov" not in project
    assert "pulumi" not in checkov


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.path)
def test_every_version_has_a_hash_and_nothing_names_a_place(lock: Lock) -> None:
    text = (REPOSITORY / lock.path).read_text()
    # A package's lines are joined by backslashes; what is left are its comments.
    entries = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.lstrip().startswith("#")]

    assert entries
    assert all(re.match(r"^[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert "://" not in text
    assert "index" not in "".join(line for line in text.splitlines() if line.startswith("-"))
