"""How what was said is judged by what happened."""

import pytest

from tests.scenarios.comparison import Said, Total, Verdict, judge, total

URN = "urn:pulumi:sandbox::app::azure-native:resources:ResourceGroup::group"


def said(certain: str | None, possible: str | None = None) -> Said:
    return Said(certain={URN: certain} if certain else {}, possible={URN: possible} if possible else {})


@pytest.mark.parametrize(
    ("certain", "possible", "happened"),
    [
        ("update", None, "update"),
        ("update", "replace", "update"),
        ("update", "replace", "replace"),
        (None, "replace", "replace"),
        (None, "replace", "update"),
        (None, "update", None),
        (None, None, None),
    ],
)
def test_what_is_right(certain: str | None, possible: str | None, happened: str | None) -> None:
    verdict = judge(said(certain, possible), {URN: happened} if happened else {})
    assert verdict.right
    assert str(verdict) == "right"


@pytest.mark.parametrize(
    ("certain", "possible", "happened", "sentence"),
    [
        (None, None, "create", f"{URN}: create, where the preview says nothing"),
        (None, "update", "replace", f"{URN}: replace, where the preview says update"),
        (None, "replace", "delete", f"{URN}: delete, where the preview says replace"),
        ("update", None, "replace", f"{URN}: replace, where the preview says update"),
    ],
)
def test_what_is_missed(certain: str | None, possible: str | None, happened: str, sentence: str) -> None:
    verdict = judge(said(certain, possible), {URN: happened})
    assert verdict.missed == (sentence,)
    assert str(verdict).startswith("missed 1")


@pytest.mark.parametrize(
    ("certain", "possible", "happened", "sentence"),
    [
        ("update", None, None, f"{URN}: nothing, where the preview is sure of update"),
        ("replace", None, "update", f"{URN}: update, where the preview is sure of replace"),
        ("update", None, "replace", f"{URN}: replace, where the preview is sure of update"),
        ("update", "replace", None, f"{URN}: nothing, where the preview is sure of update"),
        ("update", "replace", "delete", f"{URN}: delete, where the preview is sure of update"),
    ],
)
def test_what_is_a_false_alarm(certain: str, possible: str | None, happened: str | None, sentence: str) -> None:
    verdict = judge(said(certain, possible), {URN: happened} if happened else {})
    assert verdict.wrong == (sentence,)
    assert bool(verdict.missed) == (happened in {"replace", "delete"})
    assert not verdict.right


def test_what_was_possible_and_did_not_happen_is_told_and_not_wrong() -> None:
    verdict = judge(said("update", "replace"), {URN: "update"})
    assert (verdict.right, verdict.spared) == (True, (f"{URN}: update, where replace was possible",))


def test_a_preview_that_fails_is_blocked_and_has_missed_what_happened() -> None:
    verdict = judge(Said(blocked="no such output"), {URN: "create"})
    assert (str(verdict), verdict.right, len(verdict.missed)) == ("blocked", False, 1)


def test_a_preview_of_one_stack_alone_says_what_pulumi_prints() -> None:
    operation = {"urn": URN, "certain": None, "possible": "replace"}
    assert Said.of_plain_preview({"result": "succeeded", "operations": [operation]}) == said("replace")
    failed = {"result": "failed", "reason": "no such output", "operations": []}
    assert Said.of_plain_preview(failed) == Said(blocked="no such output")


def test_the_sum_counts_stacks_and_operations() -> None:
    verdicts = (
        Verdict(),
        Verdict(missed=("a", "b"), wrong=("c",)),
        Verdict(blocked="no", missed=("d",)),
    )
    assert total(verdicts) == Total(right=1, missed=1, false_alarms=1, blocked=1, operations_missed=3)
