"""Stacks are looked at as they are, and remembered as they were deployed."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from shared.affected.errors import ProgramError
from shared.commands import looking
from shared.commands.looking import Looker, forgotten, remember
from shared.commands.ready import Ready
from shared.environment import Environment, load
from shared.orchestration.backend import states
from shared.orchestration.definitions import StackDefinition, discover
from shared.orchestration.graph import Graph, graph_of
from shared.orchestration.planned_outputs import UNKNOWN, synthetic_checkpoint
from shared.orchestration.session import Session
from shared.orchestration.untouched import REASON
from shared.state_store.errors import StateStoreError
from tests.sandbox.small_platform import small_platform

UPPER = "stacks/upper/program.py"


@dataclasses.dataclass(frozen=True)
class Prepared:
    """As much of Ready as is looked at here."""

    environment: Environment
    stacks: tuple[StackDefinition, ...]
    graph: Graph
    session: Session


def deployed(prepared: Ready, stack: str, **outputs: Any) -> None:
    """Lay a state where the engine keeps it."""
    checkpoint = synthetic_checkpoint(stack, "sandbox", {"type": "passphrase", "state": {}}, outputs)
    state = Path(prepared.session.variables["PULUMI_BACKEND_URL"].removeprefix("file://").partition("?")[0])
    file = state / ".pulumi" / "stacks" / stack / "sandbox.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(checkpoint), encoding="utf-8")


@pytest.fixture
def prepared(tmp_path: Path) -> Ready:
    """The two small stacks, deployed and noted: upper reads from lower."""
    root = small_platform(tmp_path).root
    (tmp_path / "state").mkdir()
    environment = load("sandbox", root)
    session = Session(
        environment=environment,
        root=root,
        variables={"PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}"},
        work=tmp_path / "work",
        secrets_provider=None,
        inventory=tmp_path / "inventory.sqlite",
    )
    stacks = discover(root)
    made = cast("Ready", Prepared(environment, stacks, graph_of(stacks), session))
    deployed(made, "lower", group="rg-small", unread="x")
    deployed(made, "upper", identity="id")
    remember(made, looker(made), ["lower", "upper"])
    return made


def looker(prepared: Ready, *, everything: bool = False) -> Looker:
    return Looker(prepared, states(prepared.session), everything=everything)


def untouched(prepared: Ready, published: Mapping[str, Mapping[str, Any]] | None = None) -> set[str]:
    found = looker(prepared)
    return {stack for stack in ("lower", "upper") if found.untouched(stack, published or {}) == REASON}


def edit(prepared: Ready, file: str, text: str) -> None:
    path = prepared.session.root / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def settings(prepared: Ready, stack: str, text: str) -> None:
    definition = next(one for one in prepared.stacks if one.name == stack)
    folder = prepared.session.work_dir(definition)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.sandbox.yaml").write_text(text, encoding="utf-8")


def test_what_was_noted_is_untouched_until_it_is_looked_at_on_demand(prepared: Ready) -> None:
    assert untouched(prepared) == {"lower", "upper"}
    found = looker(prepared, everything=True)
    assert [found.untouched(stack, {}) for stack in ("lower", "upper")] == ["", ""]


def test_what_is_as_deployed_is_known_also_where_everything_is_looked_at(prepared: Ready) -> None:
    def as_deployed() -> list[bool]:
        found = looker(prepared, everything=True)
        return [found.as_deployed(stack) for stack in ("lower", "upper")]

    assert as_deployed() == [True, True]
    edit(prepared, UPPER, "\nprint('more')\n")
    assert as_deployed() == [True, False]
    forgotten(prepared, ["lower"])
    assert as_deployed() == [False, False]
    assert not Looker(prepared, {}, everything=True).as_deployed("lower")


def test_what_does_not_exist_or_was_never_noted_is_touched(prepared: Ready) -> None:
    assert Looker(prepared, {}, everything=False).untouched("lower", {}) == ""
    forgotten(prepared, ["lower"])
    assert untouched(prepared) == {"upper"}


@pytest.mark.parametrize(
    ("published", "stacks"),
    [
        ({"lower": {"group": "rg-small"}}, {"lower", "upper"}),
        ({"lower": {"group": "rg-small", "unread": "other", "new": 1}}, {"lower", "upper"}),
        ({"lower": {"group": "rg-other"}}, {"lower"}),
        ({"lower": {"group": UNKNOWN}}, {"lower"}),
        ({"lower": {}}, {"lower"}),
    ],
)
def test_what_an_upstream_is_planned_to_publish_counts_where_it_is_read(
    prepared: Ready, published: Mapping[str, Mapping[str, Any]], stacks: set[str]
) -> None:
    assert untouched(prepared, published) == stacks


def test_what_an_upstream_published_since_counts_too(prepared: Ready) -> None:
    deployed(prepared, "lower", group="rg-other", unread="x")
    assert untouched(prepared) == set()


def test_a_program_touches_its_own_stack_and_a_comment_none(prepared: Ready) -> None:
    edit(prepared, UPPER, "\n# a comment\n")
    assert untouched(prepared) == {"lower", "upper"}
    edit(prepared, UPPER, "\nprint('more')\n")
    assert untouched(prepared) == {"lower"}


def test_settings_touch_their_stack_and_their_other_fields_none(prepared: Ready) -> None:
    settings(prepared, "upper", "encryptionsalt: v1:other\n")
    assert untouched(prepared) == {"lower", "upper"}
    settings(prepared, "upper", "config:\n  upper:token:\n    secure: v1:abc\n")
    assert untouched(prepared) == {"lower"}


def test_what_is_edited_while_an_update_runs_was_not_deployed(prepared: Ready) -> None:
    found = looker(prepared)
    found.look("upper")
    edit(prepared, UPPER, "\nprint('more')\n")
    remember(prepared, found, ["upper"])
    assert untouched(prepared) == {"lower"}


def test_readers_are_named_by_output_with_their_line(prepared: Ready) -> None:
    found = looker(prepared)
    assert found.readers("lower") == {"group": ("upper (stacks/upper/program.py:10)",)}
    assert found.readers("upper") == {}


def test_a_store_that_cannot_be_used_fails_no_run(
    prepared: Ready, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Ready) -> Any:
        raise StateStoreError(backend="file:///gone", problem="it is not there")

    monkeypatch.setattr(looking, "store_of", broken)
    remember(prepared, looker(prepared), ["lower"])
    assert "so the next preview looks at every stack" in capsys.readouterr().err
    forgotten(prepared, ["lower"])
    assert "what was destroyed is still noted as deployed" in capsys.readouterr().err
    remember(prepared, looker(prepared), [])
    assert capsys.readouterr().err == ""


def test_what_is_looked_at_ahead_is_as_it_was_then(prepared: Ready) -> None:
    found = looker(prepared)
    found.look_ahead(["upper"]).join()
    edit(prepared, UPPER, "\nprint('more')\n")
    assert found.look("upper").fingerprint != looker(prepared).look("upper").fingerprint


def test_a_program_that_cannot_be_read_is_said_when_it_is_asked_for(
    prepared: Ready, capfd: pytest.CaptureFixture[str]
) -> None:
    edit(prepared, UPPER, "\ndef (\n")
    found = looker(prepared)
    found.look_ahead(["upper"]).join()
    with pytest.raises(ProgramError):
        found.look("upper")
    assert capfd.readouterr().err == ""
