"""Commands that touch no infrastructure are measured where they do what they should."""

from pathlib import Path

import pytest

from shared.bench.errors import UnexpectedResultError
from shared.bench.group import Group
from shared.bench.place import Place
from shared.bench.report import Limit
from shared.bench.rounds import measure, row_of
from shared.bench.starts import affected_group, list_group
from shared.engine import Engine

ENGINE = Engine(path=Path("/opt/engine/pulumi"), version="3.259.0", origin="cache", reason="")
TASKS = '''
import json, subprocess
from invoke.tasks import task


@task
def {name}(_, since="", json=False):
    """Answer."""
    changed = subprocess.run(["git", "diff", "--name-only", since], capture_output=True, text=True).stdout.split()
    assert changed == ["README.md"], changed
    print('{{"stacks": [{{"name": "identity", "affected": {affected}, "reason": ""}}]}}')
'''


def place(folder: Path, name: str = "affected", affected: str = "false") -> Place:
    root = folder / "repository"
    root.mkdir()
    (root / "README.md").write_text("Hello.\n", encoding="utf-8")
    (root / "tasks.py").write_text(TASKS.format(name=name, affected=affected), encoding="utf-8")
    return Place(folder=folder, root=root, engine=ENGINE)


def medians(group: Group) -> tuple[float, float, Limit | None, str]:
    rounds = measure([group], 1, lambda _: None)
    (row,) = (row_of(plan, rounds) for plan in group.rows)
    return row.measured.median, row.baseline.median, row.limit, row.unit


def test_the_change_that_is_measured_is_one_of_the_readme(tmp_path: Path) -> None:
    measured, baseline, limit, unit = medians(affected_group(place(tmp_path)))
    assert measured > 0 < baseline
    assert (limit, unit) == (Limit(kind="at most", value=1.0), "s")


def test_an_affected_that_names_a_stack_is_no_number(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedResultError, match="it calls identity affected"):
        affected_group(place(tmp_path, affected="true"))


def test_the_list_is_that_of_the_repository(tmp_path: Path) -> None:
    measured, baseline, limit, unit = medians(list_group(place(tmp_path, name="deploy")))
    assert measured > 0 < baseline
    assert (limit, unit) == (Limit(kind="at most", value=0.5), "s")


def test_a_list_without_deploy_is_no_number(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedResultError, match="it does not list deploy"):
        list_group(place(tmp_path))
