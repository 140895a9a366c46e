"""docs/permissions.md shows every reviewed grant, and nothing else."""

import re
from pathlib import Path

from shared.checks.catalogue import PERMISSIONS
from shared.checks.generated_file import check_generated_file
from shared.permissions.reviewed.all_grants import APP_ROLES, OWN_ROLES, POLICIES, ROLES
from shared.permissions.tables import with_tables
from tests.unit.checks.conftest import REPOSITORY

TEXT = (REPOSITORY / PERMISSIONS.path).read_text(encoding="utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |^<!-- end)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_the_document_is_what_the_reviewed_grants_make() -> None:
    assert check_generated_file(REPOSITORY, PERMISSIONS).ok


def test_an_edit_by_hand_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / PERMISSIONS.path).write_text(TEXT.replace("`reader`", "`owner`", 1), encoding="utf-8")
    result = check_generated_file(tmp_path, PERMISSIONS)
    assert "`owner`" in result.detail
    assert "shared.permissions.tables" in result.fix


def test_prose_around_the_tables_is_kept_and_a_document_without_tables_gets_them() -> None:
    assert with_tables(f"new {TEXT} end") == f"new {TEXT} end"
    assert with_tables("prose\n").startswith("prose\n<!-- the tables")


def test_every_role_is_in_the_table_of_who_has_it() -> None:
    assert [
        one for one in ROLES if f"| `{one.on}`" not in section(one.to) or f"`{one.role}`" not in section(one.to)
    ] == []
    assert [one for one in APP_ROLES if f"`{one.permission}`" not in section(one.to)] == []
    assert [one for one in OWN_ROLES if f"| `{one.name}`" not in section("Roles on Azure that we define")] == []


def test_every_statement_is_in_a_table() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and "| may do |" not in line]
    assert [
        (policy, one.sid)
        for policy, statements in POLICIES.items()
        for one in statements
        if not any(f"{one.sid}: " in row and one.why in row for row in rows)
    ] == []


def test_every_row_says_what_needs_it() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert [row for row in rows if len(row.split(" | ")[-1].rstrip(" |")) < len("a reason")] == []
