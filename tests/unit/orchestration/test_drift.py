"""What counts as drift, and how it is told."""

import io
from typing import Any

from rich.console import Console

from shared.orchestration.drift import Difference, difference, sentence
from shared.orchestration.job import StackOutcome
from shared.orchestration.resource_changes import Kind, PropertyChange, ResourceChange
from shared.reporting.drift_tree import drift_tree, program_lines

URN = "urn:pulumi:dev::upper::azure-native:keyvault:Vault::cmk"


def differs(
    inputs: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
    outputs: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
    named: tuple[str, ...] = (),
) -> Difference | None:
    return difference(inputs, outputs, named)


def change(certain: Kind = "update", *details: PropertyChange, properties: tuple[str, ...] = ()) -> ResourceChange:
    return ResourceChange(urn=URN, certain=certain, properties=properties, details=details)


def outcome(*changes: ResourceChange) -> StackOutcome:
    return StackOutcome(stack="upper", result="succeeded" if changes else "unchanged", resources=changes)


def test_inputs_that_differ_are_drift_and_outputs_are_only_looked_at_where_they_do_not() -> None:
    found = differs(({"tags": {"a": "1"}}, {"tags": {"a": "2"}}), ({"tags": {"a": "1"}}, {"tags": {"a": "2"}}))
    assert found is not None
    assert found.properties == ("tags",)
    assert [(one.path, one.before, one.after) for one in found.details] == [("tags.a", "1", "2")]


def test_an_identity_that_was_made_again_by_hand_is_drift_and_a_version_mark_is_none() -> None:
    again = differs(outputs=({"principalId": "x", "etag": "1"}, {"principalId": "y", "etag": "2"}))
    assert again is not None
    assert again.properties == ("principalId",)
    assert [one.output for one in again.details] == [True]
    touched = ({"etag": "1", "systemData": {"lastModifiedAt": "1"}}, {"etag": "2", "systemData": {}})
    assert differs(outputs=touched) is None


def test_where_nothing_shows_it_is_a_secret_that_differs() -> None:
    masked = ({"value": "[secret]"}, {"value": "[secret]"})
    assert differs(masked) == Difference(properties=(), details=())
    assert differs(masked, named=("value",)) == Difference(properties=("value",), details=())


def test_a_sentence_names_some_and_counts_all() -> None:
    assert sentence([]) == ""
    assert sentence([change("delete")]) == "1 resource differs from the state: cmk (gone)"
    assert sentence([change()]) == "1 resource differs from the state: cmk (a secret)"
    assert sentence([change(properties=("tags",))] * 7).startswith("7 resources differ from the state: cmk (tags)")
    assert sentence([change(properties=("tags",))] * 7).endswith(" and 2 more")


def test_the_programs_are_told_what_to_say_but_no_secret() -> None:
    value = PropertyChange(path="tags.a", before="1", after="2")
    extra = PropertyChange(path="tags.b", before="1", after="")
    secret = PropertyChange(path="password", before="", after="[secret]")
    found = outcome(change("update", value, extra, secret, properties=("tags", "key")), change("delete"), change())
    assert list(program_lines(found, lambda _: "stacks/upper/program.py:9")) == [
        "stacks/upper/program.py:9: cmk (azure-native:keyvault:Vault): tags.a = 2",
        "stacks/upper/program.py:9: cmk (azure-native:keyvault:Vault): take tags.b out",
        "stacks/upper/program.py:9: cmk (azure-native:keyvault:Vault): password is another secret",
        "stacks/upper/program.py:9: cmk (azure-native:keyvault:Vault): key is another secret",
        "stacks/upper/program.py:9: cmk (azure-native:keyvault:Vault): take it out, as it is gone",
        "stacks/upper/program.py:9: cmk (azure-native:keyvault:Vault): a secret of it is another one",
    ]
    assert next(program_lines(found, lambda _: "")).startswith("cmk (")


def test_the_programs_are_not_told_to_say_what_a_cloud_computes() -> None:
    version = PropertyChange(path="version", before="1", after="2", output=True)
    (said,) = program_lines(outcome(change("update", version)), lambda _: "")
    assert said.startswith("cmk (azure-native:keyvault:Vault): version is 2 in what the cloud reports, and no input ")


def test_the_tree_shows_values_only_where_they_are_asked_for() -> None:
    value = PropertyChange(path="tags.a", before="1", after="by-hand")
    outcomes = [
        outcome(change("update", value, properties=("tags",)), change("delete")),
        StackOutcome(stack="lower", result="unchanged"),
        StackOutcome(stack="other", result="failed", reason="no answer"),
        StackOutcome(stack="new", result="unchanged", reason="it is not deployed"),
    ]

    def drawn(*, details: bool) -> str:
        stream = io.StringIO()
        Console(file=stream, width=120).print(drift_tree("dev", outcomes, details=details))
        return stream.getvalue()

    plain, full = drawn(details=False), drawn(details=True)
    for said in ("upper  2 differ", "~ cmk", "tags", "- cmk is gone", "lower  as in the state", "no answer", "new"):
        assert said in plain
    assert "by-hand" not in plain
    assert "tags.a: state 1, cloud by-hand" in full
