"""Destroying what is needed, protected, or half gone already. In order, on one platform."""

import shutil

import pytest

from tests.sandbox.faults_file import write_faults
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

PROGRAM = "stacks/upper/program.py"
NAME = 'resource_name_="id-small"'
LOCATION = "location=env.azure.location\n"
PROTECTED = "location=env.azure.location,\n        opts=pulumi.ResourceOptions(protect=True),\n"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    found = small_platform(tmp_path_factory.mktemp("destroy"))
    found.change(PROGRAM, "import pulumi_azure_native", "import pulumi\nimport pulumi_azure_native")
    found.change(PROGRAM, LOCATION, PROTECTED)
    assert found.run("deploy", "--yes").code == 0
    return found


def test_a_stack_is_kept_while_a_deployed_one_reads_from_it_even_if_its_folder_is_gone(platform: PlatformCopy) -> None:
    before = inventory_ids(platform)
    refused = platform.run("destroy", "--yes", "--stacks", "lower")
    assert refused.code == 2
    assert "lower cannot be destroyed while upper is deployed and reads from it; destroy upper first" in refused.stderr
    away = platform.root.parent / "upper"
    shutil.move(platform.root / "stacks" / "upper", away)
    orphaned = platform.run("destroy", "--yes")
    shutil.move(away, platform.root / "stacks" / "upper")
    assert orphaned.code == 2
    assert "put the folder stacks/upper back and destroy upper first" in orphaned.stderr
    assert inventory_ids(platform) == before


def test_what_is_protected_is_said_before_anything_is_destroyed(platform: PlatformCopy) -> None:
    before = inventory_ids(platform)
    refused = platform.run("destroy", "--yes", "--json")
    assert refused.code == 2
    assert "upper of sandbox cannot be destroyed, as identity is protected; set protection.deletion" in refused.stderr
    assert inventory_ids(platform) == before
    platform.change(PROGRAM, "protect=True", "protect=False")
    assert platform.run("deploy", "--yes", "--all").code == 0


def test_of_a_run_that_did_not_end_well_the_report_comes_last_and_not_what_is_still_to_be_destroyed(
    platform: PlatformCopy,
) -> None:
    identity = "azure-native:managedidentity:UserAssignedIdentity"
    write_faults(platform.state, {"operation": "delete", "type": identity, "error": {"code": "AuthorizationFailed"}})
    failed = platform.run("destroy", "--yes")
    write_faults(platform.state)
    assert failed.code == 4
    assert "rg-small" in " ".join(inventory_ids(platform))
    assert "left in the cloud" not in failed.stderr


def test_what_is_half_destroyed_is_destroyed_whatever_is_missing(platform: PlatformCopy) -> None:
    name = ("--type", "azure-native:resources:ResourceGroup", "--name", "rg-small")
    assert platform.run("sandbox delete", *name).code == 0
    state = platform.state / "state" / ".pulumi" / "stacks" / "lower" / "sandbox.json"
    state.unlink()
    rest = platform.run("destroy", "--yes", "--json")
    assert rest.code == 0, rest.stdout
    assert rest.changes("upper") == {"delete": 3}
    again = platform.run("destroy", "--yes", "--json")
    assert again.code == 0
    assert inventory_ids(platform) == set()
