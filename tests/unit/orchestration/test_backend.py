"""State is read where it lies, of one environment, whole or not at all."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from shared.environment import load
from shared.orchestration.backend import resource_counts, states, with_resources
from shared.orchestration.errors import BackendError
from shared.orchestration.session import Session, sandbox_session

CHECKPOINT = {
    "version": 3,
    "checkpoint": {"stack": "organization/one/sandbox", "latest": {"resources": [{"urn": "x"}]}},
}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    with sandbox_session(load("sandbox"), tmp_path, tmp_path / "state", clouds=False) as found:
        return found


def lay(folder: Path, name: str, content: Any, *, packed: bool = False) -> None:
    file = folder / "state" / "state" / ".pulumi" / "stacks" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_bytes(gzip.compress(text.encode()) if packed else text.encode())


def test_nothing_was_ever_deployed(session: Session, tmp_path: Path) -> None:
    assert states(session) == {}


def test_the_stacks_of_this_environment_are_read_packed_or_not(session: Session, tmp_path: Path) -> None:
    lay(tmp_path, "one/sandbox.json", CHECKPOINT)
    lay(tmp_path, "two/sandbox.json.gz", CHECKPOINT, packed=True)
    lay(tmp_path, "three/prod.json", CHECKPOINT)
    lay(tmp_path, "one/sandbox.json.bak", "not looked at")
    assert states(session) == {"one": CHECKPOINT, "two": CHECKPOINT}


def test_a_stack_that_holds_nothing_is_there_and_not_deployed(session: Session, tmp_path: Path) -> None:
    lay(tmp_path, "one/sandbox.json", CHECKPOINT)
    lay(tmp_path, "empty/sandbox.json", {"version": 3, "checkpoint": {"latest": {"resources": None}}})
    found = states(session)
    assert set(found) == {"one", "empty"}
    assert with_resources(found) == {"one"}


@pytest.mark.parametrize("content", ["", '{"version": 3, "check', "\x1f\x8b broken"])
def test_a_damaged_state_is_said_with_its_stack(session: Session, tmp_path: Path, content: str) -> None:
    lay(tmp_path, "one/sandbox.json", content)
    with pytest.raises(BackendError, match="the state of one is damaged; bring back its last version"):
        states(session)


def test_resources_are_counted_as_an_operation_counts_them() -> None:
    kinds = {
        "pulumi:pulumi:Stack": "one-sandbox",
        "pulumi:pulumi:StackReference": "organization/two/sandbox",
        "pulumi:providers:aws": "default_7_51_1",
        "pulumi:providers:azure-native": "azure",
        "a:b:C": "c",
    }
    resources = [{"type": type_, "urn": f"urn:pulumi:sandbox::one::{type_}::{name}"} for type_, name in kinds.items()]
    known = {"one": {"checkpoint": {"latest": {"resources": resources}}}, "empty": {"checkpoint": {"latest": None}}}
    assert resource_counts(known) == {"one": 3, "empty": 0}


def test_a_backend_is_named_without_the_parameters_of_its_url() -> None:
    error = BackendError(backend="s3://state?endpoint=somewhere&region=eu-west-1", problem="no such bucket")
    assert str(error) == "the state in s3://state cannot be read: no such bucket"
