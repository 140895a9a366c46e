"""A worker is ready for one operation: the SDKs are loaded, and nothing costs time that nobody has use for."""

from pathlib import Path

import pytest

from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox

PROGRAM = '''"""Says how the process is that it runs in."""

import gc
import sys

import pulumi
from sample_contracts import LowerOutputs
from shared.environment import Environment


def program(env: Environment) -> LowerOutputs:
    loaded = any(name.startswith("pulumi_azure_native.managedidentity.") for name in sys.modules)
    raise pulumi.RunError(f"loaded: {loaded}, collecting: {gc.isenabled()}, lines: {pulumi.log.debug.__module__}")
'''


def test_a_worker_has_the_sdks_and_neither_collects_garbage_nor_sends_debug_lines(tmp_path: Path) -> None:
    platform = small_platform(tmp_path)
    (platform.root / "stacks" / "lower" / "program.py").write_text(PROGRAM, encoding="utf-8")
    answer = platform.run("preview", "--json", "--stacks", "lower")
    assert answer.document["stacks"][0]["reason"].endswith(
        "loaded: True, collecting: False, lines: shared.orchestration.debug_lines"
    )
