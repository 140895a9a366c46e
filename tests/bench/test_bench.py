"""`invoke bench`: what it measures, its one document, and that it fails where a command fails."""

import json
from pathlib import Path

import jsonschema
import pytest

from shared.bench.groups import GROUPS
from shared.commands.arguments import Options, UsageError
from shared.commands.bench import rounds, selected
from shared.environment.loading import REPOSITORY
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform


def test_graphs_are_measured_only_where_they_are_asked_for() -> None:
    assert selected(Options()) == ("list", "affected", "preview", "deploy")
    assert selected(Options(full=True)) == tuple(GROUPS)
    assert selected(Options(only="graphs")) == ("graphs",)
    assert selected(Options(only="deploy, list")) == ("list", "deploy")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (Options(only="speed"), "--only: there is no budget 'speed'; use some of list, affected, preview"),
        (Options(only="list", full=True), "--full: means all budgets, and --only names some"),
    ],
)
def test_what_cannot_be_selected_is_told(options: Options, problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        selected(options)
    assert str(raised.value).startswith(problem)


def test_graphs_need_a_system_that_tells_what_processes_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.commands.bench.can_be_measured", lambda: False)
    with pytest.raises(UsageError, match="this system has no /proc"):
        selected(Options(full=True))
    assert selected(Options(only="list")) == ("list",)


def test_the_number_of_rounds_is_a_number() -> None:
    assert rounds(Options()) == 3
    assert rounds(Options(repeat="7")) == 7
    for wrong in ("0", "-1", "x", "1.5"):
        with pytest.raises(UsageError, match="--repeat"):
            rounds(Options(repeat=wrong))


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.sandbox
def test_a_bench_prints_one_document_of_the_published_shape_and_changes_nothing(tmp_path: Path) -> None:
    platform = small_platform(tmp_path)
    before = tree(platform.root)
    answer = platform.invoke("bench", "--only", "list,preview", "--repeat", "2", "--json")
    assert answer.code == 0, answer.stderr
    schema = (REPOSITORY / "docs" / "bench-report.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(answer.document, json.loads(schema))
    rows = {row["name"]: row for row in answer.document["rows"]}
    assert [*rows] == ["list", "preview-cold", "preview-warm"]
    assert all(len(row["measured"]["samples"]) == len(row["baseline"]["samples"]) == 2 for row in rows.values())
    assert answer.document["met"] is all(row["met"] for row in rows.values())
    assert "round 2 of 2: previews by hand" in answer.stderr
    assert tree(platform.root) == before


@pytest.mark.sandbox
def test_a_bench_of_what_fails_fails(tmp_path: Path) -> None:
    platform = small_platform(tmp_path)
    platform.change("stacks/lower/program.py", "def program(", "1 / 0\n\n\ndef program(")
    answer = platform.invoke("bench", "--only", "preview", "--repeat", "1", "--json")
    assert answer.code == 1
    assert (answer.document["command"], answer.document["result"]) == ("bench", "failed")
    assert "invoke deploy" in answer.stderr
    assert "make it work, then measure it" in answer.stderr


@pytest.mark.sandbox
def test_affected_is_measured_on_a_change_that_touches_no_infrastructure(tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    answer = platform.invoke("bench", "--only", "affected", "--repeat", "1", "--json")
    assert answer.code == 0, answer.stderr
    (row,) = answer.document["rows"]
    assert (row["name"], row["unit"], row["limit"]) == ("affected", "s", {"kind": "at most", "value": 1.0})


def test_a_wrong_flag_is_a_usage_error(tmp_path: Path) -> None:
    answer = PlatformCopy.make(tmp_path).invoke("bench", "--only", "speed", "--json")
    assert answer.code == 2
    assert answer.document["exit_code"] == 2
