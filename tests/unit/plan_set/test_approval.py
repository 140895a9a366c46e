"""A new preview is within what was approved only where that is clear."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.plan_set.approval import beyond
from shared.plan_set.manifest import Kind, PlannedOperation
from tests.unit.plan_set.sample_plan_set import operation

URN = "urn:pulumi:prod::identity::aws:s3/bucket:Bucket::data"
SHOWN = "aws:s3/bucket:Bucket::data"
KINDS: tuple[Kind, ...] = ("create", "update", "replace", "delete")

kinds = st.none() | st.sampled_from(KINDS)
urns = st.integers(0, 3).map(lambda number: f"urn:pulumi:prod::s::t::r{number}")
properties = st.lists(st.sampled_from(["tags", "sku", "name"]), max_size=3, unique=True)
operations = st.lists(st.builds(lambda *a: operation(*a[:3], *a[3]), urns, kinds, kinds, properties), max_size=5)


@given(operations)
def test_what_was_approved_is_within_itself(approved: list[PlannedOperation]) -> None:
    assert beyond(approved, approved) == ()


@given(operations, st.data())
def test_less_is_within(approved: list[PlannedOperation], data: st.DataObject) -> None:
    less: list[PlannedOperation] = []
    for one in data.draw(st.permutations(approved)):
        if data.draw(st.booleans()):
            kept = data.draw(st.lists(st.sampled_from(one.properties), unique=True)) if one.properties else []
            gone = data.draw(st.sampled_from(["certain", "possible", None]))
            less.append(one.model_copy(update={"properties": tuple(kept), **({gone: None} if gone else {})}))
    assert beyond(approved, less) == ()


@given(operations, operations)
def test_nothing_within_touches_what_was_not_approved(
    approved: list[PlannedOperation], new: list[PlannedOperation]
) -> None:
    if beyond(approved, new):
        return

    def said(which: Sequence[PlannedOperation], urn: str) -> set[Kind]:
        return {kind for one in which if one.urn == urn for kind in (one.certain, one.possible) if kind}

    for one in new:
        allowed = said(approved, one.urn)
        assert said([one], one.urn) <= (allowed | ({"update"} if "replace" in allowed else set()))
        if one.certain in {"update", "replace"} or one.possible in {"update", "replace"}:
            shown = {name for old in approved if old.urn == one.urn for name in old.properties}
            assert set(one.properties) <= shown


@given(operations, st.sampled_from(KINDS))
def test_a_resource_that_was_not_named_may_not_be_touched(approved: list[PlannedOperation], kind: Kind) -> None:
    assert beyond(approved, [*approved, operation(URN, kind)]) != ()
    assert beyond(approved, [*approved, operation(URN, None, kind)]) != ()


@pytest.mark.parametrize(
    ("approved", "new", "within"),
    [
        ("update", "update", True),
        ("update", "replace", False),
        ("update", "delete", False),
        ("update", "create", False),
        ("replace", "update", True),
        ("replace", "replace", True),
        ("replace", "delete", False),
        ("replace", "create", False),
        ("create", "create", True),
        ("create", "update", False),
        ("create", "replace", False),
        ("create", "delete", False),
        ("delete", "delete", True),
        ("delete", "update", False),
        ("delete", "replace", False),
        ("delete", "create", False),
    ],
)
def test_each_kind_covers_itself_and_a_replacement_an_update(approved: Kind, new: Kind, within: bool) -> None:
    wide, possible = operation(URN, approved, None, "tags"), operation(URN, None, approved, "tags")
    for one in (wide, possible):
        assert (beyond([one], [operation(URN, new, None, "tags")]) == ()) is within
        assert (beyond([one], [operation(URN, None, new, "tags")]) == ()) is within


def test_the_clauses_say_what_goes_beyond() -> None:
    assert beyond([], [operation(URN, "delete")]) == (
        f"delete of {SHOWN} goes beyond what was approved for it: nothing",
    )
    assert beyond([operation(URN, "update", "replace")], [operation(URN, "create")]) == (
        f"create of {SHOWN} goes beyond what was approved for it: replace or update",
    )
    assert beyond([operation(URN, "update", None, "tags")], [operation(URN, "update", None, "sku", "tags")]) == (
        f"{SHOWN} changes sku too, which was not approved",
    )
