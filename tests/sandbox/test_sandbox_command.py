"""The command that looks at the clouds of a sandbox, and changes them behind Pulumi's back."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from shared.commands.answer import answer
from shared.commands.arguments import Options
from shared.commands.sandbox import sandbox
from shared.sandbox.wire import Secret
from tests.sandbox.faults_file import write_faults
from tests.sandbox.simulated_cloud import CLOUD, Resource, SimulatedCloud, simulated_cloud

GROUP = "azure-native:resources:ResourceGroup"
VAULT = "azure-native:keyvault:Vault"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def cloud(state: Path) -> Generator[SimulatedCloud]:
    with simulated_cloud(state / "inventory.sqlite") as found:
        yield found


@pytest.fixture(scope="module")
def one(cloud: SimulatedCloud) -> Resource:
    return cloud.create(GROUP, {"resourceGroupName": "rg-one", "location": "westeurope"})


@pytest.fixture(scope="module")
def vault(cloud: SimulatedCloud, one: Resource) -> Resource:
    place = {"resourceGroupName": one.inputs["resourceGroupName"], "location": "westeurope", "vaultName": "kv-one"}
    sku = {"name": "standard", "family": "A"}
    return cloud.create(VAULT, {**place, "properties": {"tenantId": CLOUD.tenant_id, "sku": sku, "accessPolicies": []}})


@pytest.fixture
def run(state: Path, capsys: pytest.CaptureFixture[str]) -> "Run":
    return Run(state, capsys)


class Run:
    """Runs the command as a task does. Its standard output is what the last run wrote."""

    def __init__(self, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._state = state
        self._capsys = capsys
        self.code = 0
        self.stdout = ""
        self.stderr = ""

    def __call__(self, action: str, **flags: Any) -> "Run":
        chosen: dict[str, Any] = {"env": "sandbox", "state": str(self._state), "action": action, **flags}
        options = Options(**chosen)
        self.code = answer("sandbox", lambda: sandbox(options), options)
        self.stdout, self.stderr = self._capsys.readouterr()
        return self

    @property
    def document(self) -> Any:
        return json.loads(self.stdout)


def test_list_shows_one_line_per_resource_and_chooses(run: Run, one: Resource, vault: Resource) -> None:
    lines = run("list").stdout.splitlines()
    assert lines == [f"{GROUP} {one.id}", f"{VAULT} {vault.id}"]
    assert run("list", resource_type="*Vault").stdout.splitlines() == lines[1:]
    assert run("list", resource_name="rg-one").stdout.splitlines() == lines[:1]
    assert run("list", resource_type="nothing").stdout == ""
    assert run("list", json=True, resource_id=one.id.upper()).document == {"resources": [{"type": GROUP, "id": one.id}]}


def test_show_shows_a_resource_without_secrets(run: Run, cloud: SimulatedCloud, one: Resource, vault: Resource) -> None:
    names = {"resourceGroupName": "rg-one", "vaultName": "kv-one", "secretName": "token"}
    cloud.create("azure-native:keyvault:Secret", {**names, "properties": {"value": Secret("hunter2")}})
    shown = run("show", json=True, resource_name="token")
    assert shown.code == 0
    assert shown.document["inputs"]["properties"] == {"value": "[secret]"}
    assert shown.document["outputs"]["name"] == "token"
    assert "sha256" not in shown.stdout
    assert json.loads(run("show", resource_name="rg-one").stdout)["id"] == one.id


def test_change_changes_one_property(run: Run, cloud: SimulatedCloud, one: Resource) -> None:
    done = run("change", resource_id=one.id, assignment='tags.team = "red"')
    assert (done.code, done.stderr) == (0, f"changed: {GROUP} {one.id}\n")
    read = cloud.read(one)
    assert read is not None
    assert read["tags"] == {"team": "red"}
    again = run("change", resource_id=one.id, assignment="tags.team=null", json=True)
    assert again.document == {"result": "changed", "resources": [{"type": GROUP, "id": one.id}]}


def test_delete_says_all_that_is_gone(run: Run, cloud: SimulatedCloud) -> None:
    group = cloud.create(GROUP, {"resourceGroupName": "rg-two", "location": "westeurope"})
    identity = "azure-native:managedidentity:UserAssignedIdentity"
    place = {"resourceGroupName": "rg-two", "location": "westeurope", "resourceName": "id-two"}
    below = cloud.create(identity, place)
    gone = run("delete", resource_name="rg-two", json=True).document
    assert gone == {
        "result": "deleted",
        "resources": [{"type": GROUP, "id": group.id}, {"type": identity, "id": below.id}],
    }
    assert run("delete", resource_name="rg-two").code == 2


def test_faults_says_how_often_each_rule_has_acted(run: Run, state: Path, one: Resource) -> None:
    write_faults(state, {"operation": "create", "times": 2, "hang": 1})
    found = run("faults", json=True).document
    assert found == {"faults": [{"rule": {"operation": "create", "times": 2, "hang": 1.0}, "met": 0, "acted": 0}]}
    assert '{"operation": "create", "times": 2, "hang": 1.0}' in run("faults").stdout
    (state / "faults.yaml").write_text("rules: 3", encoding="utf-8")
    wrong = run("faults")
    assert wrong.code == 2
    assert "faults.yaml: rules: should be a list" in wrong.stderr
    write_faults(state)


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        ({"action": "make"}, 2, "does not know 'make'; use one of list, show, change, delete, faults"),
        ({"action": "list", "env": "prod"}, 2, "--env: the clouds of prod are real ones; use --env sandbox"),
        ({"action": "list", "env": ""}, 2, "--env: is missing"),
        ({"action": "show"}, 2, "--id: is missing; give --id, or --type and --name"),
        ({"action": "show", "resource_name": "nobody"}, 2, "--id: no such resource is in the cloud"),
        ({"action": "change", "resource_name": "rg-one"}, 2, "--set: is missing; write for example"),
        ({"action": "change", "resource_name": "rg-one", "assignment": "a=b"}, 2, "--set: 'a=b' is no PATH=JSON"),
        ({"action": "change", "resource_name": "rg-one", "assignment": ".=1"}, 2, "--set: '.=1' is no PATH=JSON"),
        (
            {"action": "change", "resource_name": "rg-one", "assignment": 'location="x"'},
            4,
            "the cloud refuses: Code=",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(run: Run, one: Resource, flags: dict[str, str], code: int, said: str) -> None:
    done = run(**flags)
    assert done.code == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_name_that_several_have_needs_a_type(run: Run, cloud: SimulatedCloud) -> None:
    for token in ("azuread:index/application:Application", "azuread:index/group:Group"):
        more = {"securityEnabled": True} if token.endswith("Group") else {}
        cloud.create(token, {"displayName": "both", **more})
    assert (
        "2 resources are called so (azuread:index/application:Application /" in run("show", resource_name="both").stderr
    )
    assert run("show", resource_name="both", resource_type="*:Group").code == 0


def test_a_folder_without_a_sandbox_is_left_alone(run: Run, tmp_path: Path) -> None:
    done = run("list", state=str(tmp_path / "none"), json=True)
    assert done.code == 2
    assert "inventory.sqlite: is not there; deploy to the sandbox first" in done.stderr
    assert done.document["exit_code"] == 2
    assert not (tmp_path / "none").exists()
