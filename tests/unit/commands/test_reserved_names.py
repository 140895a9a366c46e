"""Reserved names on real clouds: what a person is asked, and what is said."""

import dataclasses
import io
import subprocess
import sys
from pathlib import Path

import pytest

from shared.commands.ready import Ready
from shared.commands.reserved_names import refuse_reserved, release
from shared.engine import Engine
from shared.environment import Environment, load
from shared.exit_codes import ExitCode
from shared.orchestration.graph import graph_of
from shared.orchestration.session import Session
from shared.orchestration.workers import Workers
from shared.reporting.model import Changes, RunReport, StackReport, StackResult
from shared.reserved_names import NamesReservedError
from tests.unit.reserved_names.sample_reservations import HeldNames, reservation
from tests.unit.sample_environments import changed

STACKS = ("identity", "key_vault", "ml_workspace")


@pytest.fixture
def dev() -> Environment:
    return load("dev")


def ready(environment: Environment, folder: Path, *, deployed: frozenset[str] = frozenset(STACKS)) -> Ready:
    session = Session(
        environment=environment, root=folder, variables={}, work=folder, secrets_provider="awskms://k", inventory=None
    )
    return Ready(
        environment=environment,
        stacks=(),
        graph=graph_of(()),
        selected=STACKS,
        parallel=1,
        session=session,
        engine=Engine(path=folder, version="3.259.0", origin="PATH", reason="a test"),
        workers=Workers(),
        deployed=deployed,
        made=deployed,
    )


def report(**results: StackResult) -> RunReport:
    stacks = tuple(
        StackReport(name=name, result=result, reason="", cause=None, changes=Changes(), seconds=0)
        for name, result in results.items()
    )
    code = 0 if set(results.values()) <= {"succeeded", "unchanged"} else 1
    return RunReport(
        schema_version=1,
        command="destroy",
        environment="dev",
        result="failed" if code else "succeeded",
        exit_code=code,
        seconds=0,
        stacks=stacks,
    )


ALL = report(identity="succeeded", key_vault="succeeded", ml_workspace="unchanged")


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch, dev: Environment) -> HeldNames:
    """Azure, in which everything of dev was deleted."""
    held = HeldNames(
        reservation(dev, "key vault"), reservation(dev, "App Configuration store"), reservation(dev, "ML workspace")
    )

    def opened(environment: Environment, inventory: Path | None) -> HeldNames:
        assert (environment.name, inventory) == (dev.name, None)
        return held

    monkeypatch.setattr("shared.commands.reserved_names.register_of", opened)
    return held


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_each_name_is_purged_only_where_it_is_typed(
    dev: Environment,
    azure: HeldNames,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    vault, store, workspace = azure.held
    type_in(monkeypatch, "yes", store.name)
    assert release(ready(dev, tmp_path), ALL) == ExitCode.SUCCESS
    assert azure.held == [vault, workspace]
    said = capsys.readouterr().err
    assert f"Purging the key vault {vault.name} frees its name and loses its keys and secrets" in said
    assert f"Type {vault.name} to purge it, or nothing to keep it: " in said
    assert f"Purging the ML workspace {workspace.name}" not in said
    assert f"the App Configuration store {store.name} is purged, and its name is free within minutes" in said
    for kept in (vault, workspace):
        assert f"{kept.name} is deleted, and its name is reserved until 2026-12-24 18:30 UTC: set generation: 2" in said


def test_nobody_at_the_keyboard_purges_nothing(
    dev: Environment, azure: HeldNames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(azure.held)
    type_in(monkeypatch)
    release(ready(dev, tmp_path), ALL)
    assert azure.held == before


def test_a_purge_that_fails_is_said_and_makes_the_command_fail(
    dev: Environment,
    azure: HeldNames,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    vault = azure.held[0]
    azure.stuck = [vault.name]
    type_in(monkeypatch, vault.name)
    assert release(ready(dev, tmp_path), ALL) == ExitCode.ERROR
    assert f"the key vault {vault.name} could not be purged: it is stuck" in capsys.readouterr().err


def test_only_what_was_destroyed_is_asked_for_and_the_generation_stays_while_anything_is_left(
    dev: Environment,
    azure: HeldNames,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    type_in(monkeypatch)
    release(ready(dev, tmp_path), report(identity="skipped", key_vault="failed", ml_workspace="succeeded"))
    (asked,) = azure.asked
    assert asked == (azure.held[1].name, azure.held[2].name)
    assert "set generation" not in capsys.readouterr().err


def test_a_part_of_the_environment_is_not_the_whole(
    dev: Environment,
    azure: HeldNames,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    type_in(monkeypatch)
    part = dataclasses.replace(ready(dev, tmp_path), selected=("ml_workspace",))
    release(part, report(ml_workspace="succeeded"))
    assert "set generation" not in capsys.readouterr().err


def test_a_deployment_is_refused_and_one_that_makes_nothing_asks_nobody(
    dev: Environment, azure: HeldNames, tmp_path: Path
) -> None:
    refuse_reserved(ready(changed(dev, key_vault__secrets={}), tmp_path), frozenset())
    assert azure.asked == []
    with pytest.raises(NamesReservedError, match="set generation: 2"):
        refuse_reserved(ready(dev, tmp_path, deployed=frozenset()), frozenset())


@pytest.mark.parametrize("in_state", [True, False])
def test_a_secret_that_stayed_in_its_vault_is_refused_where_the_state_has_none(
    dev: Environment, azure: HeldNames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_state: bool
) -> None:
    (name,) = dev.key_vault.secrets
    secret = {"type": "azure-native:keyvault:Secret", "id": f"/vaults/kv/secrets/{name}"}

    def exported(*_: object) -> dict[str, object]:
        return {"key_vault": {"checkpoint": {"latest": {"resources": [secret] if in_state else []}}}}

    monkeypatch.setattr("shared.commands.reserved_names.states", exported)
    azure.secrets_held = frozenset({name})
    if in_state:
        refuse_reserved(ready(dev, tmp_path), frozenset())
    else:
        with pytest.raises(NamesReservedError, match=f"the secret {name} is not in the state of key_vault"):
            refuse_reserved(ready(dev, tmp_path), frozenset())
    # Another stack makes no secrets.
    refuse_reserved(dataclasses.replace(ready(dev, tmp_path), selected=("identity",)), frozenset())


def test_looking_for_names_loads_no_sdk_before_azure_is_asked() -> None:
    program = (
        "import sys, shared.commands.reserved_names;"
        "print(sorted({'azure', 'requests', 'pulumi', 'grpc'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
