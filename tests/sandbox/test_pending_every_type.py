"""Every resource of the platform is found in the cloud again by what its creation was asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.commands.arguments import Options
from shared.commands.ready import ready
from shared.orchestration.backend import states
from shared.orchestration.planned_outputs import is_secret, resources_of
from shared.pending_operations.resolving import resolve
from tests.sandbox.platform_copy import PlatformCopy

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

_LEARNED = ("id", "outputs", "created", "modified")


def test_all_creations_at_once_can_be_resolved(tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    assert platform.run("deploy", "--yes").code == 0
    with ready(Options(env="sandbox", state=str(platform.state), root=platform.root)) as place:
        before = states(place.session)
        for file in (platform.state / "state" / ".pulumi" / "stacks").glob("*/*.json"):
            forget(file)
        assert {one.result for one in resolve(place, before)} == {"adopted"}
        after = states(place.session)
    for stack, checkpoint in before.items():
        assert known(after[stack]) == known(checkpoint)
    document = platform.run("preview", "--all", "--json").document
    assert {one["result"] for one in document["stacks"]} == {"unchanged"}


def forget(file: Path) -> None:
    """Make a state as it was when each of its resources was being created."""
    document = json.loads(file.read_text(encoding="utf-8"))
    latest = document["checkpoint"]["latest"]
    created = [one for one in latest["resources"] if _in_a_cloud(one)]
    latest["resources"] = [one for one in latest["resources"] if not _in_a_cloud(one)]
    latest["pending_operations"] = [
        {"type": "creating", "resource": {name: one[name] for name in one if name not in _LEARNED}} for one in created
    ]
    file.write_text(json.dumps(document), encoding="utf-8")


def known(checkpoint: Any) -> dict[str, Any]:
    """Return what a state says of the clouds' resources, by URN; of secrets only where they are."""
    found = [one for one in resources_of(checkpoint) if _in_a_cloud(one)]
    return {
        one["urn"]: _plain({name: one.get(name) for name in ("id", "inputs", "outputs", "parent")}) for one in found
    }


def _in_a_cloud(resource: Any) -> bool:
    return resource["custom"] and not resource["type"].startswith("pulumi:")


def _plain(value: Any) -> Any:
    if is_secret(value):
        return "secret"
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
