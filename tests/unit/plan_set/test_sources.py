"""Which files a plan set is bound to, and which versions."""

import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from shared.environment.loading import REPOSITORY
from shared.plan_set.sources import source_differences, sources_of
from shared.plan_set.versions import SDKS, versions

FILES = (
    "requirements/project.txt",
    "shared/py.typed",
    "shared/tags.py",
    "stacks/identity/Pulumi.prod.yaml",
    "stacks/identity/Pulumi.yaml",
    "stacks/identity/job/train.sh",
    "stacks/identity/program.py",
)
NO_SOURCES = (
    "README.md",
    "docs/page.md",
    "environments/prod.yaml",
    "requirements/checkov.txt",
    "shared/README.md",
    "shared/__pycache__/tags.cpython-311.pyc",
    "shared/tags.pyc",
    "stacks/identity/Pulumi.dev.yaml",
    "stacks/identity/README.md",
    "tests/test_x.py",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (*FILES, *NO_SOURCES):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_sources_are_what_decides_what_a_program_does(root: Path) -> None:
    found = sources_of(root, "prod")
    assert tuple(found) == FILES
    assert len(set(found.values())) == len(FILES)
    assert found == sources_of(root, "prod")
    assert "stacks/identity/Pulumi.dev.yaml" in sources_of(root, "dev")


@pytest.mark.parametrize("name", FILES)
def test_each_source_counts(root: Path, name: str) -> None:
    before = sources_of(root, "prod")
    (root / name).write_text("changed")
    assert source_differences(before, sources_of(root, "prod")) == (f"{name} changed since",)
    (root / name).unlink()
    assert source_differences(before, sources_of(root, "prod")) == (f"{name} is gone since",)


@pytest.mark.parametrize("name", NO_SOURCES)
def test_nothing_else_counts(root: Path, name: str) -> None:
    before = sources_of(root, "prod")
    (root / name).write_text("changed")
    assert sources_of(root, "prod") == before


def test_a_file_that_git_does_not_know_counts_too(root: Path) -> None:
    before = sources_of(root, "prod")
    (root / "shared/new.py").write_text("")
    assert source_differences(before, sources_of(root, "prod")) == ("shared/new.py is new since",)


def test_links_count(root: Path) -> None:
    (root / "other").mkdir()
    (root / "other/module.py").write_text("one")
    (root / "shared/file.py").symlink_to(root / "other/module.py")
    (root / "shared/folder").symlink_to("../other")
    (root / "shared/broken").symlink_to("nowhere")
    before = sources_of(root, "prod")
    (root / "other/module.py").write_text("two")
    (root / "shared/folder").unlink()
    (root / "shared/folder").symlink_to("../docs")
    (root / "shared/broken").unlink()
    assert source_differences(before, sources_of(root, "prod")) == (
        "shared/broken is gone since",
        "shared/file.py changed since",
        "shared/folder changed since",
    )


def test_a_repository_without_sources_has_none(tmp_path: Path) -> None:
    assert sources_of(tmp_path, "prod") == {}


def test_this_repository_is_read_quickly() -> None:
    started = time.process_time()
    found = sources_of(REPOSITORY, "sandbox")
    assert time.process_time() - started < 0.5
    assert "stacks/identity/program.py" in found
    assert "shared/plan_set/sources.py" in found
    assert not [name for name in found if name.endswith(".md") or "__pycache__" in name]


def test_the_versions_are_those_of_what_runs() -> None:
    found = versions("3.259.0")
    assert found["engine"] == "3.259.0"
    assert found["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert found["pulumi-aws"] == metadata.version("pulumi_aws")


def test_every_installed_sdk_counts() -> None:
    installed = {found.name.replace("_", "-").lower() for found in metadata.distributions()}
    assert {name for name in installed if name.split("-")[0] == "pulumi"} == set(SDKS)
