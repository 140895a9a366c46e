"""Creations whose end nobody knows are noted in the state, however it is kept, and never over what others write."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from shared.orchestration.job import StackJob
from shared.orchestration.planned_outputs import empty_checkpoint
from shared.orchestration.unanswered_creations import note
from shared.pending_operations.model import pending_in
from shared.pending_operations.unanswered import UnansweredCreation
from shared.state_store.store import StateStore

BUCKET = "aws:s3/bucket:Bucket"
LOST = UnansweredCreation(
    urn=f"urn:pulumi:sandbox::s::{BUCKET}::one",
    type=BUCKET,
    parent="",
    provider="p::1",
    protect=False,
    retain_on_delete=False,
    inputs={"bucket": "one"},
)
PLAN: dict[str, Any] = {"resourcePlans": {}}


@pytest.fixture
def job(tmp_path: Path) -> StackJob:
    return StackJob(
        stack="s",
        environment="sandbox",
        operation="up",
        root=tmp_path,
        main=tmp_path / "__main__.py",
        engine=tmp_path / "pulumi",
        engine_version="3.259.0",
        work_dir=tmp_path / "work" / "s",
        variables={"PULUMI_BACKEND_URL": (tmp_path / "state").as_uri()},
        secrets_provider=None,
        generated_secrets=(),
        verbose=False,
    )


def written(job: StackJob, *, packed: bool) -> Path:
    folder = job.root / "state" / ".pulumi" / "stacks" / "s"
    folder.mkdir(parents=True)
    content = json.dumps(empty_checkpoint("s", "sandbox", {"type": "passphrase", "state": {}})).encode()
    file = folder / ("sandbox.json.gz" if packed else "sandbox.json")
    file.write_bytes(gzip.compress(content) if packed else content)
    return file


@pytest.mark.parametrize("packed", [False, True])
def test_they_are_noted_in_the_form_in_which_the_state_is_kept(job: StackJob, packed: bool) -> None:
    file = written(job, packed=packed)
    assert note(job, [LOST], PLAN) == ""
    content = file.read_bytes()
    (operation,) = pending_in("s", json.loads(gzip.decompress(content) if packed else content))
    assert (operation.urn, operation.operation) == (LOST.urn, "creating")
    assert len(list(file.parent.iterdir())) == 1


def test_what_others_write_meanwhile_is_kept(job: StackJob, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(job, packed=False)
    replace, other = StateStore.replace, json.loads(file.read_text(encoding="utf-8")) | {"theirs": True}

    def late(store: StateStore, name: str, content: bytes, version: str) -> bool:
        if b"theirs" not in file.read_bytes():
            file.write_text(json.dumps(other), encoding="utf-8")
            return False
        return replace(store, name, content, version)

    monkeypatch.setattr(StateStore, "replace", late)
    assert note(job, [LOST], PLAN) == ""
    now = json.loads(file.read_text(encoding="utf-8"))
    assert now["theirs"]
    assert len(list(pending_in("s", now))) == 1
    monkeypatch.setattr(StateStore, "replace", lambda *_: False)
    assert note(job, [LOST], PLAN) == "somebody else writes the state of the stack"


def test_where_it_cannot_be_noted_it_is_said(job: StackJob) -> None:
    assert note(job, [LOST], PLAN) == "the stack has no state"
    written(job, packed=False).write_text("damaged", encoding="utf-8")
    assert note(job, [LOST], PLAN)
