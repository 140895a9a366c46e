"""The gate passes what succeeded, and what was skipped and may be; nothing else."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.environment.loading import REPOSITORY

GATE = REPOSITORY / ".github/actions/gate/gate.py"


def load_gate() -> Any:
    spec = importlib.util.spec_from_file_location("gate", GATE)
    assert spec
    assert spec.loader
    gate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gate)
    return gate


find_problems = load_gate().find_problems


def run(needs: object, may_skip: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NEEDS": json.dumps(needs), "MAY_SKIP": may_skip}
    return subprocess.run([sys.executable, GATE], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("results", "may_skip"),
    [
        ({"a": "success", "b": "success"}, []),
        ({"a": "success", "b": "skipped"}, ["b"]),
        ({"a": "success", "b": "success"}, ["b"]),
    ],
)
def test_it_opens(results: dict[str, str], may_skip: list[str]) -> None:
    assert find_problems(results, may_skip) == []


@pytest.mark.parametrize("result", ["failure", "cancelled", "skipped", "", "None", "something new"])
def test_any_other_result_closes_it(result: str) -> None:
    assert find_problems({"a": "success", "b": result}, []) == [f"b: {result}"]


@pytest.mark.parametrize("result", ["failure", "cancelled"])
def test_what_may_be_skipped_may_not_fail(result: str) -> None:
    assert find_problems({"a": result}, ["a"]) == [f"a: {result}"]


def test_no_job_and_an_unknown_job_close_it() -> None:
    assert find_problems({}, [])
    assert find_problems({"a": "success"}, ["b"]) == ["b may be skipped and is no job of this workflow"]


def test_it_prints_errors_of_the_workflow_and_ends_with_a_code() -> None:
    closed = run({"a": {"result": "failure", "outputs": {}}, "b": {"result": "skipped"}}, " b  ")
    assert (closed.returncode, closed.stdout) == (1, "::error::a: failure\n")
    assert run({"a": {"result": "success"}}).returncode == 0
    assert run({"a": {}}).returncode == 1


def test_it_needs_nothing_but_python(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", GATE]
    done = subprocess.run(command, cwd=tmp_path, env={"NEEDS": "{}", "MAY_SKIP": ""}, check=False, capture_output=True)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
