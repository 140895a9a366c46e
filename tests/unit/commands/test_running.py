"""What previews allow a deployment to do."""

import dataclasses
import json
import stat
from pathlib import Path
from typing import Any, cast

import pytest

from shared.commands.ready import Ready
from shared.commands.running import Ran, reviewed_by
from shared.environment import load
from shared.orchestration.graph import Graph
from shared.orchestration.job import StackOutcome
from shared.orchestration.losses import Loss
from shared.orchestration.queue import Result
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.session import Session
from shared.orchestration.speculation import Planned
from shared.reporting.build import report_of

CHANGES = (ResourceChange(urn="urn:pulumi:prod::s::a:b:C::one", certain="update"),)


@dataclasses.dataclass(frozen=True)
class Prepared:
    """As much of Ready as is looked at here."""

    session: Session
    graph: Graph
    deployed: frozenset[str]


@pytest.fixture
def prepared(tmp_path: Path) -> Ready:
    session = Session(
        environment=load("sandbox"),
        root=tmp_path,
        variables={},
        work=tmp_path / "state" / "work",
        secrets_provider=None,
        inventory=None,
    )
    graph = Graph({"a": (), "b": ("a",), "c": (), "d": ("c",), "e": ()})
    return cast("Ready", Prepared(session, graph, frozenset({"a", "b", "c"})))


def outcome(stack: str, result: Result, plan: dict[str, Any] | None = None) -> StackOutcome:
    planned = Planned(known={}, unknown={}, replaces=False, secrets_provider={}, plan=plan or {})
    return StackOutcome(
        stack=stack, result=result, resources=CHANGES, planned=planned if plan is not None else None, reason="why"
    )


def test_a_previewed_stack_is_approved_and_any_other_is_settled(prepared: Ready) -> None:
    outcomes = [
        outcome("a", "succeeded", {"resourcePlans": {"urn": 1}}),
        outcome("b", "unchanged", {"resourcePlans": {}}),
        outcome("c", "unchanged"),
        outcome("d", "failed"),
        outcome("e", "skipped"),
    ]
    with reviewed_by(prepared, outcomes, moved=frozenset({"b", "c"})) as found:
        assert set(found.approvals) == {"a", "b"}
        assert json.loads(found.approvals["a"].plan.read_text(encoding="utf-8")) == {"resourcePlans": {"urn": 1}}
        assert found.approvals["a"].changes == CHANGES
        assert (found.approvals["a"].moved, found.approvals["b"].moved) == (False, True)
        assert found.settled == {"c": outcomes[2], "d": outcomes[3]}


def test_only_what_has_nothing_yet_and_reads_what_stays_needs_no_second_preview(prepared: Ready) -> None:
    """a, b and c are deployed; d reads from c."""
    new = [outcome("d", "succeeded", {}), outcome("e", "succeeded", {})]

    def fresh(*outcomes: StackOutcome, fresh_plans: bool = True) -> set[str]:
        with reviewed_by(prepared, outcomes, fresh_plans=fresh_plans) as found:
            return {stack for stack, approval in found.approvals.items() if approval.fresh}

    assert fresh(outcome("a", "succeeded", {}), *new) == {"d", "e"}
    assert fresh(outcome("a", "succeeded", {}), *new, fresh_plans=False) == set()
    changed = dataclasses.replace(outcome("c", "succeeded", {}), outputs=("id",))
    assert fresh(changed, *new) == {"e"}


def test_plans_are_for_their_user_only_and_gone_afterwards(prepared: Ready) -> None:
    with reviewed_by(prepared, [outcome("a", "succeeded", {"planted": 1})]) as found:
        folder = found.approvals["a"].plan.parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(prepared.session.work.iterdir()) == []


def test_plans_are_gone_after_a_failure_too(prepared: Ready) -> None:
    with pytest.raises(RuntimeError), reviewed_by(prepared, [outcome("a", "succeeded", {"planted": 1})]):
        raise RuntimeError
    assert list(prepared.session.work.iterdir()) == []


def test_all_that_would_be_lost_is_named_in_the_order_of_the_stacks() -> None:
    lost = [Loss(name=name, sentence=f"{name} would be deleted") for name in "abc"]
    first = StackOutcome(stack="a", result="succeeded", losses=(lost[1], lost[0]))
    second = StackOutcome(stack="b", result="succeeded", losses=(lost[2],))
    ran = Ran(report=report_of("preview", "prod", (first, second), 1.0), outcomes=(first, second))
    assert ran.losses == ("b", "a", "c")
