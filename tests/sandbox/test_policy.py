"""`invoke policy`: what an environment's configuration deploys is judged, without a cloud."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.environment.loading import REPOSITORY
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox

LOWER = "stacks/lower/program.py"
GROUP = "    return LowerOutputs("
ACCOUNT = """    az.storage.StorageAccount(
        "planted",
        account_name="stplanted",
        resource_group_name=group.name,
        location=env.azure.location,
        kind="StorageV2",
        sku=az.storage.SkuArgs(name="Standard_LRS"),
        minimum_tls_version="TLS1_0",
    )
"""


def with_lock(platform: PlatformCopy) -> PlatformCopy:
    shutil.copytree(REPOSITORY / "requirements", platform.root / "requirements")
    return platform


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[PlatformCopy]:
    made = with_lock(small_platform(tmp_path))
    yield made
    assert not made.state.exists(), "judging leaves the sandbox alone"
    assert not (made.root / ".sandbox").exists()


def test_a_finding_names_the_resource_and_the_line_of_the_program(platform: PlatformCopy) -> None:
    platform.change(LOWER, GROUP, ACCOUNT + GROUP)
    line = (platform.root / LOWER).read_text(encoding="utf-8").splitlines().index("    az.storage.StorageAccount(") + 1
    answer = platform.invoke("policy", "--env", "prod", "--json")
    assert answer.code == 5, answer.stderr
    document = answer.document
    assert (document["schema_version"], document["command"], document["environment"]) == (1, "policy", "prod")
    found = {one["check"]: one for one in document["findings"] if one["name"] == "planted"}
    assert {"CKV_AZURE_44", "CKV_AZURE_59", "MLP_VALUE_1", "MLP_VALUE_4"} <= set(found)
    tls = found["CKV_AZURE_44"]
    assert (tls["stack"], tls["type"]) == ("lower", "azure-native:storage:StorageAccount")
    assert tls["place"] == f"{LOWER}:{line}"
    assert "minimumTlsVersion" in tls["fix"] or "min_tls_version" in tls["fix"]
    suppressed = {one["check"]: one for one in document["suppressed"]}
    assert suppressed["CKV_AZURE_33"]["reason"]
    assert document["passed"] > 0
    assert {one["type"]: one["names"] for one in document["not_judged"]} == {
        "azure-native:managedidentity:UserAssignedIdentity": ["upper/identity"],
        "azure-native:resources:ResourceGroup": ["lower/group"],
    }


def test_suppressions_of_what_is_not_deployed_are_findings_for_people_too(platform: PlatformCopy) -> None:
    answer = platform.invoke("policy", "--env", "dev")
    assert answer.code == 5, answer.stderr
    assert "MLP_SUPPRESSION" in answer.stdout
    assert "policy of dev:" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_what_cannot_be_deployed_cannot_be_judged(platform: PlatformCopy) -> None:
    platform.change(LOWER, 'resource_group_name="rg-small"', 'resource_group_name="rg-small."')
    answer = platform.invoke("policy", "--env", "prod", "--json")
    assert answer.code == 1, answer.stderr
    assert (answer.document["command"], answer.document["result"]) == ("policy", "failed")
    assert "prod cannot be deployed to a sandbox, so it cannot be judged (lower:" in answer.stderr


def test_a_missing_environment_is_said_before_anything_is_installed(platform: PlatformCopy) -> None:
    answer = platform.invoke("policy")
    assert answer.code == 2
    assert answer.stderr.startswith("policy: --env: is missing")


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["sandbox", "dev", "staging", "prod"])
def test_no_environment_breaks_a_rule_without_a_reason(tmp_path: Path, environment: str) -> None:
    answer = with_lock(PlatformCopy.make(tmp_path)).invoke("policy", "--env", environment, "--json")
    assert answer.code in (0, 5), answer.stderr
    document = answer.document
    assert [(one["check"], one["name"], one["what"]) for one in document["findings"]] == []
    assert document["passed"] > 200
    assert all(one["reason"] and one["owner"] for one in document["suppressed"])
