"""Stands in for the engine: refreshes what a file says of the clouds, and imports states. Run as a program.

`clouds.json` beside it: by id, the outputs that each look sees, of which the last one holds for all later looks; None
for a resource that is not there. `broken.json` beside it: by command, what it fails with.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).parent


def main() -> int:
    command = sys.argv[2]
    with (HERE / "calls").open("a", encoding="utf-8") as calls:
        calls.write(f"{command}\n")
    broken = _read(HERE / "broken.json").get(command)
    if broken:
        sys.stdout.write(f"Diagnostics:\n  some:type (name):\n    error: {broken}\n  error: update failed\n")
        return 255
    name, environment = sys.argv[sys.argv.index("--stack") + 1].split("/")[1:]
    file = Path(unquote(urlsplit(os.environ["PULUMI_BACKEND_URL"]).path)) / f".pulumi/stacks/{name}/{environment}.json"
    if command == "refresh":
        _refresh(file)
    else:
        said = _read(Path(sys.argv[sys.argv.index("--file") + 1]))
        state = {"version": said["version"], "checkpoint": {"stack": name, "latest": said["deployment"]}}
        file.write_text(json.dumps(state), encoding="utf-8")
    return 0


def _refresh(file: Path) -> None:
    clouds, state = _read(HERE / "clouds.json"), _read(file)
    latest = state["checkpoint"]["latest"]
    kept: list[Any] = []
    for one in latest["resources"]:
        looks = clouds.get(one.get("id"), [])
        if one["type"].startswith("pulumi:"):
            kept.append(one)
        elif looks and looks[0] is not None:
            kept.append({**one, "inputs": looks[0], "outputs": looks[0]})
        clouds[one.get("id")] = looks[1:] or looks
    latest["resources"] = kept
    file.write_text(json.dumps(state), encoding="utf-8")
    (HERE / "clouds.json").write_text(json.dumps(clouds), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
