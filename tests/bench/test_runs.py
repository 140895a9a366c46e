"""The product and its baseline do the same work, and neither is a number where it did something else."""

import json
from pathlib import Path

import pytest

from shared.bench import cpu
from shared.bench.baseline import by_hand
from shared.bench.errors import CommandFailedError, UnexpectedResultError
from shared.bench.graphs import graphs_group
from shared.bench.place import ENVIRONMENT, Place
from shared.bench.rounds import measure, row_of
from shared.bench.runs import deploy_group, preview_group
from shared.bench.settled import deploy, deployed, preview, settings_only
from shared.bench.slow_clouds import longest_chain, slow_clouds_group
from shared.bench.timing import timed
from shared.environment import load
from shared.orchestration.session import sandbox_session
from shared.sandbox.inventory import Inventory
from tests.bench.measured_platform import change, measured_platform

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return measured_platform(tmp_path_factory.mktemp("measured"))


def names(inventory: Path) -> set[str]:
    opened = Inventory(inventory)
    try:
        return {resource.id for resource in opened.all()}
    finally:
        opened.close()


def test_a_deploy_by_hand_leaves_what_a_deploy_leaves(place: Place) -> None:
    ours, theirs = settings_only(place, "ours"), settings_only(place, "theirs")
    assert deploy(place, ours).seconds > 0
    assert by_hand(place, theirs, "deploy") > 0
    assert names(ours / "inventory.sqlite") == names(theirs / "inventory.sqlite") != set()


def test_both_previews_look_at_the_same_resources(place: Place) -> None:
    state = deployed(place)
    said = preview(place, state).document("a preview")["stacks"]
    with sandbox_session(load(ENVIRONMENT, place.root), place.root, state) as session:
        for stack in said:
            main = place.root / "stacks" / stack["name"] / "__main__.py"
            words = (str(main), str(session.work / stack["name"]), ENVIRONMENT, "preview")
            hand = timed(place.command("shared.bench.by_hand", *words, variables=session.variables))
            assert json.loads(hand.stdout) == {"preview": {"same": stack["changes"]["same"]}}


def test_groups_have_a_reading_for_every_row(place: Place) -> None:
    groups = [preview_group(place), deploy_group(place)]
    rounds = measure(groups, 1, lambda _: None)
    rows = {row.name: row for row in (row_of(plan, rounds) for group in groups for plan in group.rows)}
    assert {name: (row.limit.kind, row.limit.value) for name, row in rows.items() if row.limit} == {
        "preview-cold": ("at most", 0.6),
        "preview-warm": ("at most", 0.35),
        "deploy": ("at most", 0.5),
    }
    assert rows["preview-cold"].baseline == rows["preview-warm"].baseline
    assert all(row.measured.median > 0 < row.baseline.median for row in rows.values())
    assert not list(place.folder.glob("deploy-*")), "fresh state folders are gone"


def test_one_preview_costs_some_cpu_time(place: Place) -> None:
    assert cpu.of_one_preview(place, deployed(place)) > 0


@pytest.mark.slow
def test_graphs_have_throughput_memory_and_growth(place: Place) -> None:
    group = graphs_group(place, width=2, depths=(1, 2))
    rounds = measure([group], 1, lambda _: None)
    rows = {row.name: row for row in (row_of(plan, rounds) for plan in group.rows)}
    assert [*rows] == ["graph-2", "graph-4", "graph-memory", "graph-growth"]
    assert rows["graph-2"].limit is None
    assert rows["graph-4"].limit
    assert (rows["graph-4"].limit.kind, rows["graph-4"].limit.value) == ("at least", 0.8)
    seconds, cpu_seconds = rows["graph-4"].measured.median, rows["graph-4"].baseline.median
    assert seconds > 0 < cpu_seconds
    assert rows["graph-memory"].measured.unit == "MB"
    assert rows["graph-growth"].measured.median == pytest.approx(seconds / 4, rel=0.01)


def test_a_change_is_not_taken_for_no_change(tmp_path: Path) -> None:
    changed = measured_platform(tmp_path)
    state = deployed(changed)
    change(changed, "stacks/lower/program.py", "env.azure.location)", "env.azure.location, tags={'a': 'b'})")
    with pytest.raises(UnexpectedResultError, match="lower is succeeded"):
        preview(changed, state)
    with pytest.raises(UnexpectedResultError, match="the preview of lower by hand: its preview says"):
        by_hand(changed, state, "preview")
    with pytest.raises(CommandFailedError):
        cpu.of_one_preview(changed, state)
    change(changed, "stacks/lower/program.py", "def program(", "1 / 0\n\n\ndef program(")
    with pytest.raises(CommandFailedError):
        by_hand(changed, state, "preview")


def test_slow_clouds_are_waited_for_along_the_longest_chain(place: Place) -> None:
    group = slow_clouds_group(place, 0.2)
    rounds = measure([group], 1, lambda _: None)
    row = row_of(group.rows[0], rounds)
    assert row.baseline.median == pytest.approx(longest_chain(place, deployed(place), 0.2), abs=0.001)
    assert row.measured.median > 0
