"""What is certain and what is possible."""

from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.bands import forecast
from shared.orchestration.job import Changes
from shared.orchestration.resource_changes import ResourceChange

kinds = st.dictionaries(
    st.sampled_from("abcd"), st.sampled_from(["create", "update", "replace", "delete", "same"]), max_size=4
)


def test_what_both_previews_say_is_certain() -> None:
    found = forecast({"a": "update", "b": "create"}, {"a": "update", "b": "create"}, {"a": "update", "b": "create"})
    assert (found.changes, found.possible) == (Changes(update=1, create=1), {})


def test_what_hangs_on_unknown_values_is_possible() -> None:
    found = forecast({"a": "same", "b": "update"}, {"a": "same", "b": "update"}, {"a": "replace", "b": "replace"})
    assert found.changes == Changes(same=1, update=1)
    assert found.possible == {"a": "replace", "b": "replace"}


def test_the_strongest_possibility_is_told() -> None:
    assert forecast({"a": "same"}, {"a": "update"}, {"a": "replace"}).possible == {"a": "replace"}
    assert forecast({"a": "same"}, {"a": "replace"}, {"a": "update"}).possible == {"a": "replace"}


def test_a_creation_that_only_one_preview_says_is_possible() -> None:
    assert forecast({}, {}, {"a": "create"}).possible == {"a": "create"}


@given(kinds, kinds)
def test_nothing_that_a_preview_says_is_missed(known: dict[str, str], unknown: dict[str, str]) -> None:
    found = forecast(known, known, unknown)
    for said in (known, unknown):
        for urn, kind in said.items():
            told = {found.kinds.get(urn), found.possible.get(urn)}
            assert kind == "same" or told & {"create", "update", "replace", "delete"}
    assert dict(found.kinds) == known


def test_each_resource_that_may_change_is_listed_once_in_order() -> None:
    found = forecast(
        {"c": "update", "b": "same", "a": "same", "e": "replace"},
        {"c": "update", "b": "same", "a": "same", "e": "replace"},
        {"c": "replace", "b": "update", "a": "same", "d": "delete", "e": "update"},
    )
    assert found.resources == (
        ResourceChange(urn="b", certain=None, possible="update"),
        ResourceChange(urn="c", certain="update", possible="replace"),
        ResourceChange(urn="d", certain=None, possible="delete"),
        ResourceChange(urn="e", certain="replace"),
    )


@given(kinds, kinds)
def test_what_surely_stays_is_not_listed_and_all_else_is(known: dict[str, str], unknown: dict[str, str]) -> None:
    found = forecast(known, known, unknown)
    changing = {urn for said in (known, unknown) for urn, kind in said.items() if kind != "same"}
    assert [one.urn for one in found.resources] == sorted(changing)
    assert all(one.certain or one.possible for one in found.resources)
