"""What a stack was deployed from is kept, and only believed where it is whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.state_store.deployed import DeployedRecord, forget, load, save
from shared.state_store.opening import open_store
from shared.state_store.store import StateStore

RECORD = DeployedRecord(
    stack="identity",
    environment="prod",
    fingerprint={"sources": {"stacks/identity/program.py": "0" * 64}, "values": ["a", 1, None]},
    consumed="1" * 64,
    checkpoint="2" * 64,
    commit=None,
    time="2026-11-21T17:00:00Z",
)
NAME = "deployed/prod/identity.json"


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return open_store(f"file://{tmp_path}")


def loaded(store: StateStore) -> DeployedRecord | None:
    return load(store, environment="prod", stack="identity")


def test_a_record_comes_back_as_it_was_saved(store: StateStore) -> None:
    assert loaded(store) is None
    save(store, RECORD)
    assert loaded(store) == RECORD
    later = RECORD.model_copy(update={"commit": "0123abc"})
    save(store, later)
    assert loaded(store) == later


def test_each_stack_and_environment_has_its_own(store: StateStore) -> None:
    save(store, RECORD)
    assert load(store, environment="staging", stack="identity") is None
    assert load(store, environment="prod", stack="key_vault") is None


def test_a_forgotten_record_is_gone(store: StateStore) -> None:
    forget(store, environment="prod", stack="identity")
    save(store, RECORD)
    forget(store, environment="prod", stack="identity")
    assert loaded(store) is None
    assert store.list("deployed") == ()


@pytest.mark.parametrize(
    "fields", [{"schema_version": 2}, {"surprise": 1}, {"checkpoint": None}, {"time": "now"}, {"stack": "key_vault"}]
)
def test_a_record_that_is_not_this_ones_is_none(store: StateStore, fields: dict[str, Any]) -> None:
    store.put(NAME, json.dumps({**json.loads(RECORD.model_dump_json()), **fields}).encode())
    assert loaded(store) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", RECORD.model_dump_json().encode()[:-1]])
def test_a_damaged_record_is_none(store: StateStore, content: bytes) -> None:
    store.put(NAME, content)
    assert loaded(store) is None
