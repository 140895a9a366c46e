"""What workers have imported before they are forked."""

import subprocess
import sys
from pathlib import Path

from shared.environment.loading import REPOSITORY
from shared.orchestration.preload import attributes_in_use, components_in_use, sources_of


def written(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_attributes_are_found_however_the_sdk_is_imported() -> None:
    source = """
import pulumi_azure_native as az
from pulumi_aws import iam, s3
az.storage.StorageAccount("a", sku=az.storage.SkuArgs(name="x"))
iam.Role("r")
"""
    found = attributes_in_use(source)
    assert ("pulumi_azure_native", "storage", "StorageAccount") in found
    assert ("pulumi_azure_native", "storage", "SkuArgs") in found
    assert {("pulumi_aws", "iam", "Role"), ("pulumi_aws", "s3")} <= found


def test_components_are_found_however_they_are_imported() -> None:
    source = "from shared.components import azure_role as role\nfrom shared.components.scoped_role import ScopedRole\n"
    assert components_in_use(source) == {"azure_role", "scoped_role"}


def test_only_components_that_a_stack_is_made_of_are_read(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        stacks__one__program="from shared.components.used import Used",
        shared__components__used="from shared.components import below\nUSED = 1",
        shared__components__below="BELOW = 1",
        shared__components__unused="UNUSED = 1",
    )
    read = "\n".join(sources_of(root))
    assert "USED = 1" in read
    assert "BELOW = 1" in read
    assert "UNUSED = 1" not in read


def test_a_circle_of_components_ends(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        stacks__one__program="from shared.components.a import A",
        shared__components__a="from shared.components.b import B",
        shared__components__b="from shared.components.a import A",
    )
    assert len(sources_of(root)) == 3


def test_this_repositorys_stacks_use_every_cloud() -> None:
    names = {name[0] for source in sources_of(REPOSITORY) for name in attributes_in_use(source)}
    assert names == {"pulumi_aws", "pulumi_azure_native", "pulumi_azuread"}


def test_what_is_in_a_module_of_an_sdk_is_found_too() -> None:
    found = attributes_in_use("from pulumi_aws.s3 import Bucket as B\nB.get('x', 'y')\n")
    assert ("pulumi_aws", "s3", "Bucket", "get") in found


def test_a_program_finds_all_of_its_sdks_loaded() -> None:
    stacks = [path.parent.name for path in sorted(REPOSITORY.glob("stacks/*/program.py"))]
    source = f"""
import importlib, sys
import shared.orchestration.preload
before = set(sys.modules)
for stack in {stacks}:
    importlib.import_module(f"stacks.{{stack}}.program")
print([name for name in set(sys.modules) - before if name.startswith("pulumi")])
"""
    done = subprocess.run([sys.executable, "-c", source], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_workers_have_their_own_code_already() -> None:
    words = "import sys, shared.orchestration.preload; print('shared.orchestration.update_operation' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", words], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
