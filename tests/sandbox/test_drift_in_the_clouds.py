"""What the engine's refresh finds of what somebody changed behind its back: exactly that, in all five stacks."""

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pulumi.automation as auto
import pytest
from pulumi.automation import EngineEvent

from shared.engine import Engine, find_engine
from shared.environment import load
from shared.environment.loading import REPOSITORY
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.session import Session, sandbox_session
from shared.sandbox.behind import changed, deleted, named
from shared.sandbox.inventory import Inventory, Record
from shared.sandbox.model import CloudIds
from shared.sandbox.property_path import parsed

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

STACKS = ("identity", "key_vault", "network_storage", "ml_workspace", "sagemaker")
Drift = dict[tuple[str, str], set[str]]
"""Paths of properties by type and id of the resource; a deleted one has none."""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drift") / "state"
    flags = ["--env", "sandbox", "--yes", "--json", "--state", str(folder)]
    deploy = [sys.executable, "-m", "invoke", "deploy", *flags]
    done = subprocess.run(deploy, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def engine() -> Engine:
    return find_engine(lambda _: None)


@pytest.fixture
def session(state: Path) -> Generator[Session]:
    with sandbox_session(load("sandbox"), REPOSITORY, state) as found:
        yield found


@pytest.fixture
def inventory(state: Path) -> Generator[Inventory]:
    found = Inventory(state / "inventory.sqlite")
    yield found
    found.close()


@pytest.fixture
def cloud() -> CloudIds:
    azure, aws = load("sandbox").azure, load("sandbox").aws
    return CloudIds(
        subscription_id=str(azure.subscription_id),
        tenant_id=str(azure.tenant_id),
        account_id=str(aws.account_id),
        region=aws.region,
    )


def drift(session: Session, engine: Engine) -> Drift:
    """Return what a refresh of every stack finds changed or gone."""
    found: Drift = {}

    def hear(event: EngineEvent) -> None:
        step = event.res_outputs_event.metadata if event.res_outputs_event else None
        if step and step.op in (auto.OpType.UPDATE, auto.OpType.DELETE) and step.old:
            found[step.type, step.old.id] = set(step.detailed_diff or {})

    for stack in STACKS:
        workspace = auto.LocalWorkspace(
            work_dir=str(session.work / stack),
            env_vars=dict(session.variables),
            pulumi_command=EngineCommand(engine.path, engine.version),
        )
        auto.Stack.select("sandbox", workspace).preview_refresh(color="never", on_event=hear)
    return found


def one(inventory: Inventory, token: str, name: str) -> Record:
    return next(record for record in named(inventory, name) if record.token == token)


def test_nothing_shows_where_nothing_changed(session: Session, engine: Engine) -> None:
    assert drift(session, engine) == {}


def test_what_changed_shows_at_its_property_and_nothing_else_shows(
    session: Session, engine: Engine, inventory: Inventory, cloud: CloudIds
) -> None:
    expected: Drift = {}
    for record in inventory.all():
        if isinstance(record.inputs.get("tags"), dict):
            changed(inventory, cloud, record, ("tags", "somebody"), "was here")
            expected[record.token, record.id] = {"tags.somebody"}
    assert len({token for token, _ in expected}) > 20  # of all kinds
    account = next(one for one in inventory.of_type("azure-native:storage:StorageAccount") if "flow" not in one.id)
    changed(inventory, cloud, account, parsed("allowSharedKeyAccess"), value=True)
    expected[account.token, account.id].add("allowSharedKeyAccess")
    secret = one(inventory, "azure-native:keyvault:Secret", "feature-source-token")
    changed(inventory, cloud, secret, parsed("properties.value"), "another")
    expected[secret.token, secret.id].add("properties.value")
    for gone in deleted(inventory, cloud, one(inventory, "azure-native:storage:BlobContainer", "training-data")):
        expected[gone.token, gone.id] = set()
    assert drift(session, engine) == expected
