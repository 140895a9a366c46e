"""A committed file that code makes must be what the code makes now."""

from pathlib import Path

from shared.checks.catalogue import SCHEMA
from shared.checks.generated_file import GeneratedFile, check_generated_file
from shared.checks.result import CheckResult
from tests.unit.checks.conftest import REPOSITORY

TABLE = GeneratedFile(path="README.md", make=lambda text: text.split("---")[0] + "---\nnew\n", fix="write it again")


def test_a_fresh_file_passes(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("by hand\n---\nnew\n")

    assert check_generated_file(tmp_path, TABLE) == CheckResult(ok=True)


def test_an_old_part_fails_and_is_shown(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("by hand\n---\nold\n")

    result = check_generated_file(tmp_path, TABLE)

    assert not result.ok
    assert "README.md: is not what the code makes" in result.detail
    assert "-old\n+new" in result.detail
    assert result.fix == "write it again"


def test_a_file_that_differs_only_in_its_last_line_end_fails(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("by hand\n---\nnew")

    assert "only the ends of lines differ" in check_generated_file(tmp_path, TABLE).detail


def test_a_missing_file_fails(tmp_path: Path) -> None:
    assert check_generated_file(tmp_path, TABLE).detail == "README.md: is missing"


def test_the_environment_schema_is_fresh_and_an_edit_by_hand_fails(tmp_path: Path) -> None:
    assert check_generated_file(REPOSITORY, SCHEMA).ok
    copy = tmp_path / SCHEMA.path
    copy.parent.mkdir()
    copy.write_text((REPOSITORY / SCHEMA.path).read_text().replace("{", "{ ", 1))

    result = check_generated_file(tmp_path, SCHEMA)

    assert not result.ok
    assert "shared.environment.schema" in result.fix
