"""Deletions wait for the stacks that read from theirs."""

from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.graph import Graph
from shared.orchestration.job import Changes, StackOutcome
from shared.orchestration.queue import Result
from shared.orchestration.resource_changes import Kind, ResourceChange
from shared.orchestration.withholding import may_delete, merged, withheld

GRAPH = Graph({"a": (), "b": ("a",), "c": ("b",), "d": ()})


def change(kind: Kind, name: str = "x") -> ResourceChange:
    return ResourceChange(urn=f"urn:pulumi:prod::s::t:t:T::{name}", certain=kind)


def outcome(stack: str, result: Result = "succeeded", **changes: int) -> StackOutcome:
    return StackOutcome(stack=stack, result=result, changes=Changes(**changes), resources=(), seconds=1.0)


def test_a_deletion_waits_where_somebody_who_changes_reads_from_the_stack() -> None:
    changes = {"a": (change("delete", "gone"), change("update")), "b": (), "c": (change("update"),)}
    assert withheld(GRAPH, changes) == {"a": ("urn:pulumi:prod::s::t:t:T::gone",)}


def test_nothing_waits_where_no_reader_changes() -> None:
    assert withheld(GRAPH, {"a": (change("delete"),), "b": (), "d": (change("update"),)}) == {}


def test_a_deletion_waits_for_a_reader_that_cannot_be_updated() -> None:
    assert withheld(GRAPH, {"a": (change("delete"),)}, {"c"}) == {"a": ("urn:pulumi:prod::s::t:t:T::x",)}


def test_what_is_created_updated_or_replaced_never_waits() -> None:
    assert (
        withheld(GRAPH, {"a": (change("create"), change("update"), change("replace")), "b": (change("update"),)}) == {}
    )


def test_deletions_follow_where_all_readers_went_well() -> None:
    waiting = {"a": ("x",), "d": ("y",)}
    assert may_delete(GRAPH, waiting, (outcome("a"), outcome("b", "unchanged"), outcome("d"))) == {"a", "d"}


def test_a_reader_that_failed_keeps_what_it_may_still_need() -> None:
    waiting = {"a": ("x",), "d": ("y",)}
    assert may_delete(GRAPH, waiting, (outcome("a"), outcome("b"), outcome("c", "failed"), outcome("d"))) == {"d"}


def test_after_a_stop_nothing_is_deleted() -> None:
    assert may_delete(GRAPH, {"d": ("y",)}, (outcome("c", "cancelled"), outcome("d"))) == frozenset()


def test_both_passes_are_one_outcome() -> None:
    both = merged(outcome("a", update=1, same=2), outcome("a", delete=3, same=3), 3)
    assert (both.result, both.changes, both.seconds) == ("succeeded", Changes(update=1, delete=3, same=3), 2.0)
    assert both.done


def test_a_second_pass_that_had_nothing_to_do_changes_nothing() -> None:
    assert merged(outcome("a", update=1), outcome("a", "unchanged"), 1).result == "succeeded"


def test_a_second_pass_that_failed_fails_the_stack() -> None:
    assert merged(outcome("a", update=1), outcome("a", "failed"), 1).result == "failed"


def test_without_a_second_pass_the_stack_is_not_done() -> None:
    left = merged(outcome("a", update=1), None, 2)
    assert left.reason == "2 deletions wait until what reads from it is deployed: deploy again then"
    assert not left.done


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from(["create", "update", "replace", "delete"]))))
def test_only_certain_deletions_are_ever_withheld(kinds: dict[str, list[Kind]]) -> None:
    changes = {
        stack: tuple(change(kind, f"{stack}{index}") for index, kind in enumerate(found))
        for stack, found in kinds.items()
    }
    deletions = {one.urn for found in changes.values() for one in found if one.certain == "delete"}
    assert {urn for urns in withheld(GRAPH, changes).values() for urn in urns} <= deletions
