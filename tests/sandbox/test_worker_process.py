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
        "loaded: True, collecting: False, lines: shared.orchestration.sdk_chores"
    )


NESTED = '''"""A group in a component."""

import pulumi
import pulumi_azure_native as az
from sample_contracts import LowerOutputs
from shared.environment import Environment


class Box(pulumi.ComponentResource):
    def __init__(self, name: str, env: Environment, **options: object) -> None:
        super().__init__("example:index:Box", name, {}, pulumi.ResourceOptions(**options))
        self.group = az.resources.ResourceGroup(
            f"{name}-group",
            resource_group_name="rg-small",
            location=env.azure.location,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def program(env: Environment) -> LowerOutputs:
    return LowerOutputs(group=Box("old", env).group.name)
'''


def test_what_has_an_alias_stays_what_it_is_and_so_do_its_children(tmp_path: Path) -> None:
    platform = small_platform(tmp_path)
    (platform.root / "stacks" / "lower" / "program.py").write_text(NESTED, encoding="utf-8")
    assert platform.run("deploy", "--yes", "--stacks", "lower").code == 0
    platform.change("stacks/lower/program.py", 'Box("old", env)', 'Box("new", env, aliases=[pulumi.Alias(name="old")])')
    renamed = platform.run("deploy", "--yes", "--json", "--stacks", "lower")
    assert renamed.code == 0, renamed.stderr
    assert (renamed.results, renamed.changes("lower")) == ({"lower": "unchanged"}, {})
