"""The log of the simulated clouds as a witness of what is reported."""

from typing import Any

import pytest

from tests.scenarios.cloud_log import Clouds, Operation, contradictions

TOKEN = "aws:s3/bucket:Bucket"
URN = f"urn:pulumi:sandbox::data::{TOKEN}::raw"


def clouds(identity: str | None, *operations: Operation, **more: Any) -> Clouds:
    bucket = {"urn": URN, "type": TOKEN, "custom": True, "id": identity, **more}
    return Clouds(operations=operations, resources={URN: bucket} if identity else {})


@pytest.mark.parametrize(
    ("kind", "before", "after", "logged"),
    [
        ("create", None, "one", [("create", TOKEN, "one")]),
        ("update", "one", "one", [("update", TOKEN, "one")]),
        ("replace", "one", "two", [("create", TOKEN, "two"), ("delete", TOKEN, "one")]),
        ("delete", "one", None, [("delete", TOKEN, "one")]),
    ],
)
def test_what_is_reported_is_in_the_log(
    kind: str, before: str | None, after: str | None, logged: list[Operation]
) -> None:
    earlier = ("create", TOKEN, "earlier")
    assert contradictions({URN: kind}, clouds(before, earlier), clouds(after, earlier, *logged)) == ()


def test_what_only_the_report_knows_is_told() -> None:
    found = contradictions({URN: "update"}, clouds("one"), clouds("one"))
    assert found == (f"update of {TOKEN} one is reported, and the cloud knows nothing of it",)


def test_what_only_the_cloud_knows_is_told() -> None:
    found = contradictions({}, clouds("one"), clouds("one", ("update", TOKEN, "one")))
    assert found == (f"update of {TOKEN} one is in the cloud's log, and is not reported",)


def test_what_is_left_in_the_cloud_on_purpose_is_not_deleted_there() -> None:
    assert contradictions({URN: "delete"}, clouds("one", retainOnDelete=True), clouds(None)) == ()


def test_components_and_providers_are_in_no_cloud() -> None:
    provider = {"urn": URN, "type": "pulumi:providers:aws", "custom": True, "id": "p"}
    after = Clouds(operations=(), resources={URN: provider})
    assert contradictions({URN: "create"}, clouds(None), after) == ()
