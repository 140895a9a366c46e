"""Pages follow the environment files: whoever changes one sees in the tables what that costs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.platform_copy import PlatformCopy

PAGE = "stacks/ml_workspace/README.md"
REPLICA = "| App Configuration replica | 36.00 | 0 | 0 | 36.00 (1) |"


def pages(platform: PlatformCopy) -> dict[str, str]:
    command = [sys.executable, "-m", "shared.stack_pages", "--print"]
    done = subprocess.run(command, cwd=platform.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_changed_environment_changes_the_tables_of_costs(tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    before = pages(platform)
    platform.change("environments/prod.yaml", "configuration_replicas: []", "configuration_replicas: [northeurope]")
    after = pages(platform)
    assert REPLICA not in before[PAGE]
    assert REPLICA in after[PAGE]
    assert {path for path in after if after[path] != before[path]} == {PAGE, "docs/costs.md"}
