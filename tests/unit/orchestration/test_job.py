"""What goes to a worker, and what comes back."""

from pathlib import Path

import pytest

from shared.orchestration.job import Approval, Changes, changes_of
from shared.orchestration.resource_changes import Kind, ResourceChange

URN = "urn:pulumi:prod::s::a:b:C::one"


def approval(certain: Kind | None, possible: Kind | None, *, moved: bool = False) -> Approval:
    changes = (ResourceChange(urn=URN, certain=certain, possible=possible),)
    return Approval(plan=Path("plan.json"), changes=changes, moved=moved)


@pytest.mark.parametrize(
    ("certain", "possible", "exact"),
    [
        ("replace", None, True),
        ("update", None, True),
        (None, "update", True),
        (None, "create", True),
        (None, "replace", False),
        ("update", "replace", False),
    ],
)
def test_a_plan_with_a_replacement_that_is_only_possible_is_not_exact(
    certain: Kind | None, possible: Kind | None, exact: bool
) -> None:
    assert approval(certain, possible).exact is exact


def test_a_plan_of_another_state_is_not_exact() -> None:
    assert not approval("update", None, moved=True).exact
    assert not Approval(plan=Path("plan.json"), changes=(), moved=True).exact
    assert Approval(plan=Path("plan.json"), changes=()).exact


def test_changes_are_counted_by_kind_and_what_stays_is_none() -> None:
    found = changes_of({"a": "create", "b": "same", "c": "create", "d": "delete", "e": "replace", "f": "update"})
    assert found == Changes(create=2, same=1, delete=1, replace=1, update=1)
    assert found.total == 5
    assert changes_of({}).total == changes_of({"a": "same"}).total == 0
