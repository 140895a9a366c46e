"""What is done about pending operations, and what stops it, with a stand-in for the engine."""

import dataclasses
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.engine import Engine
from shared.environment import load
from shared.environment.loading import REPOSITORY
from shared.orchestration.session import Session
from shared.pending_operations.errors import PendingOperationError
from shared.pending_operations.resolving import pending_operations, resolve
from shared.sandbox.inventory import Inventory, Record
from tests.unit.pending_operations import engine_stand_in

ENVIRONMENT = load("sandbox", REPOSITORY)
GROUP = "azure-native:resources:ResourceGroup"
VPC = "aws:ec2/vpc:Vpc"
TAGS = {"platform": "mlp", "environment": "sandbox", "stack": "one"}


def group_id(name: str) -> str:
    return f"/subscriptions/{ENVIRONMENT.azure.subscription_id}/resourceGroups/{name}"


def entry(token: str, name: str, *, stack: str = "one", **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:sandbox::{stack}::{token}::{name}", "type": token, "custom": True, **more}


def group(name: str, **more: Any) -> dict[str, Any]:
    return entry(GROUP, name, inputs={"resourceGroupName": name, "tags": TAGS}, **more)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Desk:
    """A place with one or more stacks. naps: how long a resolution waited."""

    folder: Path
    inventory: Path | None
    naps: list[float] = dataclasses.field(default_factory=list[float])

    def holds(self, *resources: Any, pending: Any = (), stack: str = "one") -> None:
        root = {
            "urn": f"urn:pulumi:sandbox::{stack}::pulumi:pulumi:Stack::r",
            "type": "pulumi:pulumi:Stack",
            "custom": False,
        }
        latest: dict[str, Any] = {
            "secrets_providers": {"type": "passphrase", "state": {"salt": "v1:salt"}},
            "resources": [root, *resources],
            "pending_operations": [{"type": kind, "resource": one} for kind, one in pending],
        }
        self._file(stack).parent.mkdir(parents=True)
        document = {"version": 3, "checkpoint": {"stack": stack, "latest": latest}}
        self._file(stack).write_text(json.dumps(document), encoding="utf-8")

    def sees(self, **looks: list[Any]) -> None:
        (self.folder / "clouds.json").write_text(
            json.dumps({group_id(k): v for k, v in looks.items()}), encoding="utf-8"
        )

    def breaks(self, command: str, words: str) -> None:
        (self.folder / "broken.json").write_text(json.dumps({command: words}), encoding="utf-8")

    def latest(self, stack: str = "one") -> dict[str, Any]:
        return json.loads(self._file(stack).read_text(encoding="utf-8"))["checkpoint"]["latest"]

    def calls(self) -> list[str]:
        file = self.folder / "calls"
        return file.read_text(encoding="utf-8").split() if file.exists() else []

    def resolve(self, *stacks: str) -> list[tuple[str, str]]:
        engine = Engine(path=self.folder / "engine", version="3.259.0", origin="PATH", reason="")
        session = Session(
            environment=ENVIRONMENT,
            root=REPOSITORY,
            variables={"PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}"},
            work=self.folder / "work",
            secrets_provider=None,
            inventory=self.inventory,
        )
        place: Any = SimpleNamespace(environment=ENVIRONMENT, session=session, engine=engine)
        found = resolve(place, stacks or ("one",), sleep=self.naps.append)
        return [(one.operation, one.result) for one in found]

    def refused(self) -> PendingOperationError:
        before = self.latest()
        with pytest.raises(PendingOperationError) as error:
            self.resolve()
        assert self.latest() == before
        return error.value

    def _file(self, stack: str) -> Path:
        return self.folder / "state" / ".pulumi" / "stacks" / stack / "sandbox.json"


def desk_in(folder: Path, inventory: Path | None) -> Desk:
    script = Path(engine_stand_in.__file__).read_text(encoding="utf-8")
    (folder / "engine").write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    (folder / "engine").chmod(0o700)
    return Desk(folder=folder, inventory=inventory)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a place on real clouds."""
    return desk_in(tmp_path, None)


def test_without_pending_operations_no_engine_is_called(desk: Desk) -> None:
    desk.holds(group("a", id=group_id("a")))
    before = desk.latest()
    assert desk.resolve("one", "never-made") == []
    assert (desk.calls(), desk.latest()) == ([], before)


def test_a_creation_is_adopted_with_what_the_cloud_says(desk: Desk) -> None:
    desk.holds(pending=[("creating", group("a"))])
    desk.sees(a=[{"resourceGroupName": "a", "tags": TAGS, "more": 1}])
    assert desk.resolve() == [("creating", "adopted")]
    made = desk.latest()["resources"][-1]
    assert made["id"] == group_id("a")
    assert made["inputs"] == {"resourceGroupName": "a", "tags": TAGS}
    assert made["outputs"] == {"resourceGroupName": "a", "tags": TAGS, "more": 1}
    assert desk.naps == []
    assert "pending_operations" not in desk.latest()


def test_what_a_real_cloud_does_not_show_yet_is_looked_for_again(desk: Desk) -> None:
    desk.holds(pending=[("creating", group("a"))])
    desk.sees(a=[None, None, {"tags": TAGS}])
    assert desk.resolve() == [("creating", "adopted")]
    assert desk.naps == [2.0, 5.0]


def test_what_never_shows_was_not_created(desk: Desk) -> None:
    desk.holds(pending=[("creating", group("a"))])
    assert desk.resolve() == [("creating", "absent")]
    assert desk.naps == [2.0, 5.0, 10.0]
    assert [one["type"] for one in desk.latest()["resources"]] == ["pulumi:pulumi:Stack"]


def test_a_creation_that_goes_on_is_waited_for(desk: Desk) -> None:
    desk.holds(pending=[("creating", group("a"))])
    desk.sees(a=[{"provisioningState": "Creating"}, {"properties": {"provisioningState": "Succeeded"}}])
    assert desk.resolve() == [("creating", "adopted")]
    assert desk.naps == [2.0]


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ({"provisioningState": "Creating"}, "the cloud is still at it; wait until it has ended there"),
        ({"properties": {"provisioningState": "Failed"}}, "its creation failed; delete it"),
        ({"tags": {**TAGS, "platform": "other"}}, "belongs to another platform by its tags"),
    ],
)
def test_what_must_not_be_adopted_stops_it(desk: Desk, outputs: dict[str, Any], said: str) -> None:
    desk.holds(pending=[("creating", group("a"))])
    desk.sees(a=[outputs])
    error = desk.refused()
    assert said in str(error)
    assert (error.stack, error.operation, error.urn) == ("one", "creating", group("a")["urn"])


def test_a_type_of_which_nothing_is_known_stops_it(desk: Desk) -> None:
    desk.holds(pending=[("creating", entry("random:index/randomId:RandomId", "it", inputs={}))])
    assert "nothing is known by which to find it; look in the cloud whether it was created" in str(desk.refused())


def test_a_name_that_the_provider_made_up_stops_it(desk: Desk) -> None:
    desk.holds(pending=[("creating", entry("aws:s3/bucket:Bucket", "it", inputs={"bucketPrefix": "a"}))])
    assert "its id cannot be told without bucket" in str(desk.refused())


def test_an_operation_that_nobody_knows_stops_it(desk: Desk) -> None:
    desk.holds(pending=[("dreaming", group("a"))])
    assert "no one here knows what dreaming means" in str(desk.refused())


def test_a_cloud_that_does_not_answer_stops_it_in_the_engines_words(desk: Desk) -> None:
    desk.holds(pending=[("creating", group("a"))])
    desk.breaks("refresh", "AuthorizationFailed: no")
    assert "what is in the cloud cannot be read: AuthorizationFailed: no; put that right" in str(desk.refused())


def test_a_state_that_cannot_be_written_stops_it(desk: Desk) -> None:
    desk.holds(pending=[("creating", group("a"))])
    desk.sees(a=[{"tags": TAGS}])
    desk.breaks("stack", "the stack is currently locked by 1 lock(s)")
    assert "the state cannot be written: the stack is currently locked" in str(desk.refused())


def test_what_changes_nothing_in_a_cloud_is_forgotten_unasked(desk: Desk) -> None:
    provider = entry("pulumi:providers:aws", "aws", inputs={})
    desk.holds(pending=[("reading", group("a")), ("importing", group("b")), ("creating", provider)])
    assert desk.resolve() == [("reading", "harmless"), ("importing", "harmless"), ("creating", "harmless")]
    assert desk.calls() == ["stack"]


def test_what_another_state_has_was_not_made_by_a_creation_that_never_ended(desk: Desk) -> None:
    desk.holds(group("b", id=group_id("A")), stack="other")
    desk.holds(pending=[("creating", group("a"))])
    desk.sees(a=[{"tags": TAGS}])
    assert desk.resolve() == [("creating", "absent")]


def test_updates_and_deletions_are_judged_by_what_exists(desk: Desk) -> None:
    held = [group(name, id=group_id(name), outputs={}) for name in ("a", "b", "c", "d")]
    _, b, c, d = held
    desk.holds(*held, pending=[("updating", group("a")), ("updating", group("b")), ("deleting", c), ("deleting", d)])
    desk.sees(a=[{"tags": {}}], c=[{"tags": TAGS}])
    expected = [("updating", "read again"), ("updating", "gone"), ("deleting", "to delete again"), ("deleting", "gone")]
    assert desk.resolve() == expected
    _, now_a, now_b, now_c, now_d = desk.latest()["resources"]
    assert now_a["outputs"] == {"tags": {}}
    assert (now_b, now_c, now_d) == ({**b, "pendingReplacement": True}, c, {**d, "pendingReplacement": True})


def test_of_several_that_could_be_it_a_person_chooses(tmp_path: Path) -> None:
    path, inputs = tmp_path / "inventory.sqlite", {"cidrBlock": "10.0.0.0/16", "tags": TAGS}
    inventory = Inventory(path)
    for number, name in enumerate(("vpc-1", "vpc-2", "vpc-3")):
        inventory.put(Record(id=name, token=VPC, serial=number, unique_name=None, inputs=inputs, outputs={}))
    inventory.close()
    desk = desk_in(tmp_path, path)
    desk.holds(entry(VPC, "old", id="vpc-2"), pending=[("creating", entry(VPC, "network", inputs=inputs))])
    assert "there are 2 that could be it: vpc-1, vpc-3; delete those that nobody needs" in str(desk.refused())


def test_pending_operations_are_told_from_checkpoints_alone() -> None:
    latest = {"resources": [], "pending_operations": [{"type": "creating", "resource": group("a")}]}
    found = pending_operations(
        {"one": {"checkpoint": {"latest": latest}}, "two": {"checkpoint": {}}}, ["one", "two", "three"]
    )
    assert [(one.stack, one.operation, one.urn) for one in found] == [("one", "creating", group("a")["urn"])]


def test_no_words_of_a_resolution_hold_values(desk: Desk) -> None:
    desk.holds(pending=[("creating", entry(GROUP, "a", inputs={"resourceGroupName": "a", "tags": {"x": "hidden"}}))])
    desk.sees(a=[{"provisioningState": "Failed", "x": "hidden"}])
    assert "hidden" not in str(desk.refused())
