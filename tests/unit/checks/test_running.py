"""Choosing and running checks."""

from pathlib import Path

import pytest

from shared.checks import Check, CheckResult, UnknownCheckError, all_checks, run_checks
from shared.checks.result import failed, passed

GOOD = Check("good", passed)
BAD = Check("bad", lambda: failed(["a.py:1: wrong", "b.py:2: wrong"], fix="repair it"))


def test_all_run_and_answer_in_the_order_of_the_list() -> None:
    outcomes = run_checks(checks=(GOOD, BAD))

    assert [(outcome.name, outcome.result.ok) for outcome in outcomes] == [("good", True), ("bad", False)]
    assert outcomes[1].result == CheckResult(ok=False, detail="a.py:1: wrong\nb.py:2: wrong", fix="repair it")
    assert all(outcome.seconds >= 0 for outcome in outcomes)


def test_only_the_named_ones_run() -> None:
    assert [outcome.name for outcome in run_checks(["bad"], checks=(GOOD, BAD))] == ["bad"]


def test_an_unknown_name_is_refused_before_anything_runs() -> None:
    ran: list[str] = []
    check = Check("good", lambda: ran.append("good") or passed())

    with pytest.raises(UnknownCheckError) as refused:
        run_checks(["good", "goood"], checks=(check,))

    assert (refused.value.name, refused.value.known, ran) == ("goood", ("good",), [])


def test_the_list_has_every_check_once(tmp_path: Path) -> None:
    names = [check.name for check in all_checks(tmp_path)]

    assert len(names) == len(set(names))
    assert {"format", "lint", "types", "layering", "locks", "schema", "owners", "settings", "text"} <= set(names)
