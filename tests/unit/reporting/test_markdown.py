"""A run as Markdown: short, the worst first, and no text of others forms anything in it."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.reporting.markdown import markdown
from shared.reporting.model import Changes, OperationReport, RunReport
from tests.unit.reporting.sample_reports import BROKEN, FAILED_RUN, HOSTILE, report, reports, stack


def operation(name: str, certain: str | None, possible: str | None = None, **fields: object) -> OperationReport:
    known: dict[str, object] = {"urn": "u", "type": "a:b:C", "properties": (), "reasons": ()}
    return OperationReport.model_validate({**known, "name": name, "certain": certain, "possible": possible, **fields})


def lines(found: RunReport) -> list[str]:
    """Return the lines as a person reads them."""
    return [html.unescape(line) for line in markdown(found).splitlines() if line]


def test_a_run_is_its_result_its_errors_and_a_table_the_worst_first() -> None:
    assert lines(FAILED_RUN) == [
        "### deploy of prod: cancelled",
        (
            "✗ 1 failed, ■ 2 cancelled, ↷ 1 skipped, ✓ 1 succeeded, took 1 min 03 s, exit code 4, "
            "commit <code>c0ffeec0ffee</code>"
        ),
        "- ✗ **key_vault**: stacks/key_vault/program.py:31: vault (a:b:C): VaultAlreadyExists: the name is taken",
        "| stack | result | changes | time | why |",
        "|---|---|---|---|---|",
        (
            "| key_vault | ✗ failed |  | 20 s | "
            "stacks/key_vault/program.py:31: vault (a:b:C): VaultAlreadyExists: the name is taken |"
        ),
        "| costs | ■ cancelled |  | 2.0 s | the run was stopped |",
        "| notes | ■ cancelled |  |  | the run was stopped |",
        "| sagemaker | ↷ skipped |  |  | did not run because key_vault failed |",
        "| identity | ✓ succeeded | +2 created | 4.0 s |  |",
    ]


def test_operations_are_folded_up_what_loses_something_first() -> None:
    found = report(
        stack(
            "s",
            changes=Changes(create=1),
            outputs=("id",),
            operations=(
                operation("b", "create", properties=("sku.name", "tags")),
                operation("a", "update", "replace", reasons=("scope comes from b", "b is new")),
            ),
        ),
        command="preview",
    )
    told = lines(found)
    assert told[told.index("<details><summary>s: 2 operations</summary>") + 1 :] == [
        "| operation | resource | type | inputs that change | why |",
        "|---|---|---|---|---|",
        "| ~ update, perhaps ± replace | a | a:b:C |  | scope comes from b, because b is new |",
        "| + create | b | a:b:C | sku.name, tags |  |",
        "outputs that change: id",
        "</details>",
    ]


@pytest.mark.parametrize("differences", ["found", "accepted"])
@pytest.mark.parametrize("code", [0, 4, 10])
def test_drift_is_what_differs_and_nothing_that_was_done(differences: str, code: int) -> None:
    changed = stack("s", changes=Changes(update=1, delete=1), operations=(operation("a", "update"),))
    told = lines(report(changed, command="drift", exit_code=code, differences=differences))
    assert not [line for line in told if "updated" in line or "deleted" in line or "to update" in line]
    counted = {"found": "~1 differing, -1 gone", "accepted": "~1 taken over, -1 forgotten"}
    assert f"| s | ✓ succeeded | {counted[differences]} | 1.0 s |  |" in told
    assert "<details><summary>s: 1 difference</summary>" in told
    assert "| difference | resource | type | properties that differ | why |" in told
    assert "| ~ differs | a | a:b:C |  |  |" in told


def test_a_run_that_did_not_begin_is_its_error() -> None:
    assert lines(BROKEN) == [
        "### deploy of prod: failed",
        "took 0.0 s, exit code 2",
        "**--stacks: names no stack**",
    ]


@settings(max_examples=40)
@given(reports, st.sampled_from([1_000, 5_000, 1_000_000]))
def test_it_has_room_and_every_table_and_fold_is_whole(found: RunReport, limit: int) -> None:
    text = markdown(found, limit)
    assert len(text.encode("utf-8", "replace")) <= limit
    assert text.count("<details>") == text.count("</details>")
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.count("|") == 6


def test_no_text_of_others_forms_anything() -> None:
    found = report(*(stack(text, reason=text, operations=(operation(text, "create"),)) for text in HOSTILE))
    text = markdown(found)
    assert set(re.findall(r"<[^>]*>", text)) == {
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<code>",
        "</code>",
    }
    assert not re.search(r"[`\[\]*@!]|https?:", text.replace("**", ""))
    assert "# title" not in text
    assert "@\u2060team" in html.unescape(text)


def test_what_has_no_room_is_counted_and_never_cut() -> None:
    many = tuple(operation(f"resource-{number}", "create") for number in range(100))
    found = report(*(stack(f"stack-{number}", operations=many) for number in range(100)))
    text = markdown(found, 60_000)
    shown = text.count("<details>")
    assert 0 < shown < 100
    assert f"The operations of {100 - shown} stacks have no room here" in text
    assert "more stacks" in markdown(found, 6_000)
