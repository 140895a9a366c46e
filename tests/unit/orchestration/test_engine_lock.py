"""Which lock of the engine is deleted: that of an engine of ours that is dead, and no other."""

import json
import socket
from pathlib import Path

from shared.orchestration.engine_lock import release_lock
from shared.orchestration.job import StackJob
from shared.orchestration.state_places import places_in_state

HERE = socket.gethostname()


def job(folder: Path) -> StackJob:
    return StackJob(
        stack="upper",
        environment="dev",
        operation="up",
        root=folder,
        main=folder / "__main__.py",
        engine=folder / "pulumi",
        engine_version="3.259.0",
        work_dir=folder / "work" / "upper",
        variables={"PULUMI_BACKEND_URL": folder.as_uri()},
        secrets_provider=None,
        generated_secrets=(),
        verbose=False,
    )


def lock(folder: Path, stack: str, name: str, content: str) -> Path:
    file = folder / ".pulumi" / "locks" / "organization" / stack / "dev" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def test_only_the_lock_of_that_engine_goes(tmp_path: Path) -> None:
    ours = lock(tmp_path, "upper", "a", json.dumps({"pid": 77, "hostname": HERE}))
    kept = [
        lock(tmp_path, "upper", "b", json.dumps({"pid": 78, "hostname": HERE})),
        lock(tmp_path, "upper", "c", json.dumps({"pid": 77, "hostname": f"not-{HERE}"})),
        lock(tmp_path, "upper", "d", "half of a"),
        lock(tmp_path, "upper", "e", "[]"),
        lock(tmp_path, "lower", "a", json.dumps({"pid": 77, "hostname": HERE})),
    ]
    release_lock(job(tmp_path), 77)
    assert not ours.exists()
    assert all(file.exists() for file in kept)


def test_a_backend_that_does_not_answer_does_not_hide_what_happened(tmp_path: Path) -> None:
    release_lock(job(tmp_path / "nowhere"), 77)
    assert places_in_state(job(tmp_path / "nowhere")) == {}


def test_the_lines_of_resources_are_read_from_the_state(tmp_path: Path) -> None:
    file = tmp_path / ".pulumi" / "stacks" / "upper" / "dev.json"
    file.parent.mkdir(parents=True)
    one = {"urn": "urn:x", "type": "a:b:C", "sourcePosition": "project:///../../stacks/upper/program.py#9"}
    file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [one]}}}), encoding="utf-8")
    assert places_in_state(job(tmp_path)) == {"urn:x": "stacks/upper/program.py:9"}
    file.write_text("half of a", encoding="utf-8")
    assert places_in_state(job(tmp_path)) == {}
