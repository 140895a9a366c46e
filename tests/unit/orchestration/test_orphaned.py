"""What is said of a deployed stack whose folder is gone."""

from typing import Any

from shared.orchestration.orphaned import orphaned_outcome


def resource(type_: str, name: str, *, custom: bool = True) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:prod::old::{type_}::{name}", "type": type_, "custom": custom}


def test_it_is_left_alone_and_names_what_stays_and_how_to_get_rid_of_it() -> None:
    found = orphaned_outcome(
        "old",
        "prod",
        [
            resource("pulumi:pulumi:Stack", "old-prod", custom=False),
            resource("pulumi:providers:aws", "aws"),
            resource("a:b:Component", "group", custom=False),
            *(resource("a:b:C", f"c{number}") for number in range(7)),
        ],
    )
    assert (found.result, found.exit_code, found.cause) == ("skipped", 0, None)
    assert found.reason == (
        "stacks/old is gone and the stack is still deployed: c0 (a:b:C), c1 (a:b:C), c2 (a:b:C), c3 (a:b:C), "
        "c4 (a:b:C) and 2 more stay in prod and nothing manages them; put the folder back, run invoke destroy "
        "--env prod --stacks old, then delete it"
    )


def test_a_stack_that_holds_nothing_in_a_cloud_is_said_too() -> None:
    found = orphaned_outcome("old", "prod", [resource("pulumi:pulumi:Stack", "old-prod", custom=False)])
    assert "its state stays in prod" in found.reason
