"""How previews look to a person: nothing that can lose something is cut or left out."""

import io
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from shared.orchestration.job import Changes, StackOutcome
from shared.orchestration.queue import Result
from shared.orchestration.resource_changes import Kind, PropertyChange, ResourceChange
from shared.reporting.preview_tree import preview_tree

GROUP = "azure-native:resources:ResourceGroup"
ROLE = "azure-native:authorization:RoleAssignment"
SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}

kinds = st.sampled_from(["create", "update", "replace", "delete"])


def change(
    name: str,
    certain: Kind | None,
    possible: Kind | None = None,
    *,
    type_: str = ROLE,
    properties: tuple[str, ...] = (),
    reasons: tuple[str, ...] = (),
    details: tuple[PropertyChange, ...] = (),
) -> ResourceChange:
    return ResourceChange(
        urn=f"urn:pulumi:prod::s::{type_}::{name}",
        certain=certain,
        possible=possible,
        properties=properties,
        reasons=reasons,
        details=details,
    )


def outcome(
    *changes: ResourceChange,
    result: Result = "succeeded",
    reason: str = "",
    outputs: tuple[str, ...] = (),
    counts: Changes | None = None,
) -> StackOutcome:
    return StackOutcome(
        stack="lower", result=result, reason=reason, resources=changes, outputs=outputs, changes=counts or Changes()
    )


def drawn(*outcomes: StackOutcome, details: bool = False, width: int = 2000) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False).print(preview_tree("preview", "prod", outcomes, details=details))
    return stream.getvalue()


def lines(*outcomes: StackOutcome, details: bool = False) -> list[str]:
    return [line.strip(" │├└─\t") for line in drawn(*outcomes, details=details).splitlines()]


def test_each_stack_is_a_branch_with_its_result_and_what_would_happen() -> None:
    counts = Changes(create=2, update=1, replace=3, delete=4, same=5)
    assert lines(outcome(counts=counts), outcome(result="unchanged", counts=Changes(same=1)), outcome()) == [
        "preview of prod",
        "lower  succeeded  +2 to create, ~1 to update, ±3 to replace, -4 to delete  5 same",
        "lower  unchanged  1 same",
        "lower  succeeded",
    ]


def test_the_reason_stands_above_the_changes_and_what_comes_of_outputs_below() -> None:
    one = outcome(change("a", "update"), result="failed", reason="[bold]no[/bold] good", outputs=("id", "name"))
    assert lines(one)[1:] == [
        "lower  failed",
        "[bold]no[/bold] good",
        f"~ update a  {ROLE}",
        "outputs that change: id, name",
    ]


@pytest.mark.parametrize("kind", SIGNS)
def test_a_change_has_its_sign_word_name_type_and_properties(kind: Kind) -> None:
    assert lines(outcome(change("a::b", kind, properties=("tags", "sku"))))[2:] == [
        f"{SIGNS[kind]} {kind} a::b  {ROLE}  tags, sku"
    ]


def test_the_worst_comes_first_and_what_holds_something_before_what_does_not() -> None:
    shuffled = (
        change("f", "update"),
        change("e", "create"),
        change("c", "delete"),
        change("b", "replace"),
        change("d", "delete", type_=GROUP),
        change("a", "replace", type_=GROUP),
    )
    for details in (False, True):
        found = [line.split("  ")[0] for line in lines(outcome(*shuffled), details=details)[2:]]
        assert found == ["± replace a", "± replace b", "- delete d", "- delete c", "+ create e", "~ update f"]


def test_a_possible_change_is_told_with_its_chain_of_reasons() -> None:
    one = change("a", "update", "replace", properties=("scope",), reasons=("scope comes from b", "b is [new]"))
    assert lines(outcome(one))[2:] == [
        f"~ update a  {ROLE}  scope",
        f"? may replace a  {ROLE}",
        "because scope comes from b",
        "because b is [new]",
    ]
    only = change("a", None, "update", properties=("scope",))
    assert lines(outcome(only))[2:] == [f"? may update a  {ROLE}"]


def test_many_creations_and_updates_are_counted_and_all_shown_with_their_details() -> None:
    many = [change(f"c{number:02}", "create") for number in range(9)]
    many += [change(f"u{number:02}", "update") for number in range(9)]
    short = lines(outcome(*many))[2:]
    assert len(short) == 13
    assert short[-1] == "6 more to create or update (--diff shows all)"
    assert len(lines(outcome(*many), details=True)[2:]) == 18
    assert lines(outcome(*many[:12]))[-1] == f"~ update u02  {ROLE}"


def test_many_possible_changes_are_counted_and_all_shown_with_their_details() -> None:
    many = [change(f"p{number:02}", None, "update") for number in range(15)]
    short = lines(outcome(*many))[2:]
    assert (len(short), short[-1]) == (13, "? 3 more may change (--diff shows all)")
    assert len(lines(outcome(*many), details=True)[2:]) == 15


def test_of_many_replacements_and_deletions_each_is_shown() -> None:
    many = [change(f"r{number:02}", "replace") for number in range(20)]
    many += [change(f"d{number:02}", "delete") for number in range(20)]
    many += [change(f"u{number:02}", "update") for number in range(20)]
    found = lines(outcome(*many))[2:]
    assert [line[0] for line in found] == ["±"] * 20 + ["-"] * 20 + ["~"] * 12 + ["8"]


mixed = st.lists(st.tuples(st.none() | kinds, st.none() | kinds), min_size=0, max_size=60)


def shuffled(pairs: Sequence[tuple[Kind | None, Kind | None]]) -> list[ResourceChange]:
    return [change(f"r{number:03}", *pair) for number, pair in enumerate(pairs) if any(pair)]


@given(mixed, st.booleans(), st.sampled_from([40, 80, 160]))
def test_no_replacement_or_deletion_is_ever_left_out_or_cut(
    pairs: list[tuple[Kind | None, Kind | None]], details: bool, width: int
) -> None:
    changes = shuffled(pairs)
    text = " ".join(drawn(outcome(*changes), details=details, width=width).replace("│", " ").split())
    for one in changes:
        if one.certain in {"replace", "delete"}:
            assert f"{SIGNS[one.certain]} {one.certain} {one.name}" in text


@given(mixed)
def test_replacements_and_deletions_come_before_all_other_changes(
    pairs: list[tuple[Kind | None, Kind | None]],
) -> None:
    found = [line for line in lines(outcome(*shuffled(pairs)))[2:] if line[0] in "+~±-"]
    worst = [line[0] in "±-" for line in found]
    assert worst == sorted(worst, reverse=True)


@given(mixed)
def test_what_is_shown_and_what_is_counted_is_everything(pairs: list[tuple[Kind | None, Kind | None]]) -> None:
    changes = shuffled(pairs)
    found = lines(outcome(*changes))[2:]
    left = {
        line.split(" more ")[-1].split(" ")[0]: int(line.strip("? ").split(" ")[0]) for line in found if "more" in line
    }
    certain = [line for line in found if line[0] in "+~±-"]
    possible = [line for line in found if line.startswith("? may")]
    assert len(certain) + left.get("to", 0) == sum(1 for one in changes if one.certain)
    assert len(possible) + left.get("may", 0) == sum(1 for one in changes if one.possible)
    every = lines(outcome(*changes), details=True)[2:]
    assert len(every) == sum(bool(one.certain) + bool(one.possible) for one in changes)


def test_values_are_shown_with_details_only() -> None:
    details = (
        PropertyChange(path="tags.a", before="old", after="new"),
        PropertyChange(path="sku", before="", after="S1"),
        PropertyChange(path="size", before="3", after=""),
        PropertyChange(path="word", before="[secret]", after="[secret]"),
    )
    one = outcome(change("a", "update", properties=("tags",), details=details))
    assert lines(one)[2:] == [f"~ update a  {ROLE}  tags"]
    assert lines(one, details=True)[2:] == [
        f"~ update a  {ROLE}",
        "~ tags.a: old → new",
        "+ sku: S1",
        "- size: 3",
        "~ word: [secret] → [secret]",
    ]


def test_names_that_look_like_markup_are_shown_as_they_are() -> None:
    one = change(
        "[red]x[/red]", "delete", reasons=("[b]",), details=(PropertyChange(path="[i]", before="", after="[u]"),)
    )
    text = drawn(outcome(one, reason="[/oops]", outputs=("[o]",)), details=True)
    for said in ("[red]x[/red]", "[i]", "[u]", "[/oops]", "[o]"):
        assert said in text


def test_stacks_come_in_their_order() -> None:
    names = ["b", "a", "c"]
    found = drawn(*(StackOutcome(stack=name, result="unchanged") for name in names))
    places = [found.index(f"{name}  unchanged") for name in names]
    assert all(first < second for first, second in itertools.pairwise(places))


def test_a_change_in_a_secret_is_said_and_not_shown() -> None:
    secret = ResourceChange(
        urn="urn:pulumi:prod::s::t:t:T::vault",
        certain="update",
        properties=("tags", "value"),
        details=(PropertyChange(path="tags.owner", before="a", after="b"),),
    )
    found = StackOutcome(stack="s", result="succeeded", resources=(secret,))
    shown = drawn(found, details=True)
    assert "~ tags.owner: a → b" in shown
    assert "~ value: [secret] → another [secret]" in shown
    assert "~ tags: " not in shown


def test_replacements_and_deletions_are_first_with_details_too() -> None:
    one = outcome(change("u", "update", "replace"), change("d", "delete"))
    assert lines(one, details=True)[2].startswith("- delete d")


def test_no_possible_deletion_is_left_out() -> None:
    many = [change(f"p{number:02}", None, "delete") for number in range(15)]
    assert sum("may delete" in line for line in lines(outcome(*many))) == 15
