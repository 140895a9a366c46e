"""Faults, as an engine meets them: requests over gRPC to a running sandbox."""

import dataclasses
from collections.abc import Generator
from pathlib import Path

import grpc
import pytest

from shared.sandbox.changes_under_way import ChangesUnderWay
from shared.sandbox.faults.calls import FILE, Victim
from shared.sandbox.faults.injection import FaultInjection, UnderWay
from shared.sandbox.faults.processes import Killer
from shared.sandbox.faults.source import FaultSource
from shared.sandbox.inventory import Inventory
from tests.sandbox.faults_file import write_faults
from tests.sandbox.patience import LONGEST, until
from tests.sandbox.simulated_cloud import CONFIGURATION, RefusedError, SimulatedCloud, simulated_cloud

GROUP = "azure-native:resources:ResourceGroup"
INPUTS = {"resourceGroupName": "rg", "location": "westeurope"}


@dataclasses.dataclass
class Clouds:
    """A sandbox with faults, and what happened in it.

    waits: seconds, and how many resources there were then. killed: whom, as told; engine_dies: whether that engine is.
    """

    cloud: SimulatedCloud
    state: Path
    under_way: UnderWay
    waits: list[tuple[float, int]]
    killed: list[Victim] = dataclasses.field(default_factory=list[Victim])
    engine_dies: bool = False

    def kill(self, victim: Victim, engine_port: int) -> bool:
        assert engine_port > 0
        self.killed.append(victim)
        return self.engine_dies

    def live(self) -> int:
        return len(self.cloud.inventory.all())


@pytest.fixture
def clouds(tmp_path: Path) -> Generator[Clouds]:
    waits: list[tuple[float, int]] = []
    under_way = UnderWay()
    kills: list[Clouds] = []

    class Kills:
        def kill(self, victim: Victim, engine_port: int) -> bool:
            return kills[0].kill(victim, engine_port)

    def injection(inventory: Inventory, provider: str) -> FaultInjection:
        def wait(seconds: float) -> None:
            waits.append((seconds, len(inventory.all())))

        source = FaultSource(tmp_path / FILE, inventory.fault_counts)
        return FaultInjection(provider, source, Kills(), under_way, wait)

    with simulated_cloud(tmp_path / "inventory.sqlite", injection) as cloud:
        kills.append(Clouds(cloud=cloud, state=tmp_path, under_way=under_way, waits=waits))
        yield kills[0]


def test_without_a_file_nothing_waits_and_nothing_fails(clouds: Clouds) -> None:
    clouds.cloud.create(GROUP, INPUTS)
    assert clouds.waits == []


def test_a_change_is_under_way_for_everybody_until_it_is_made(tmp_path: Path) -> None:
    file = tmp_path / "inventory.sqlite"
    seen: list[bool] = []
    changes = ChangesUnderWay(file)

    def injection(inventory: Inventory, provider: str) -> FaultInjection:
        def wait(_: float) -> None:
            seen.append(ChangesUnderWay(file).any())

        source = FaultSource(tmp_path / FILE, inventory.fault_counts)
        return FaultInjection(provider, source, Killer.of(1), UnderWay(), wait, changes=changes)

    with simulated_cloud(file, injection) as cloud:
        write_faults(tmp_path, latency={"scale": 1, "before": 0.5})
        made = cloud.create(GROUP, INPUTS)
        assert (seen, changes.any()) == ([True, False], False)
        cloud.read(made)
        assert seen[2:] == [False, False]


def test_an_error_before_the_change_leaves_nothing_and_comes_exactly_so_often(clouds: Clouds) -> None:
    write_faults(clouds.state, {"operation": "create", "times": 2, "error": {"code": "TooManyRequests"}})
    for _ in range(2):
        said = clouds.cloud.refusal(GROUP, INPUTS)
        assert said == 'Status=429 Code="TooManyRequests" Message="The request is being throttled."'
    assert clouds.cloud.create(GROUP, INPUTS).id
    assert [operation for operation, *_ in clouds.cloud.inventory.operations()] == ["create"]


def test_an_error_after_the_change_leaves_it_in_the_cloud(clouds: Clouds) -> None:
    write_faults(clouds.state, {"operation": "create", "when": "after", "error": {"code": "InternalServerError"}})
    with pytest.raises(RefusedError, match="InternalServerError"):
        clouds.cloud.create(GROUP, INPUTS)
    assert clouds.live() == 1
    assert "exists already" in clouds.cloud.refusal(GROUP, INPUTS)


def test_a_rule_after_the_change_does_not_count_what_the_cloud_refused(clouds: Clouds) -> None:
    clouds.cloud.create(GROUP, INPUTS)
    write_faults(clouds.state, {"operation": "create", "when": "after", "error": {"code": "InternalServerError"}})
    assert "exists already" in clouds.cloud.refusal(GROUP, INPUTS)
    assert clouds.cloud.inventory.fault_counts.all() == {}


def test_a_preview_is_not_slow_and_meets_no_fault(clouds: Clouds) -> None:
    write_faults(clouds.state, {"operation": "create", "error": {"code": "Conflict"}}, latency={"scale": 1})
    assert clouds.cloud.previewed(GROUP, INPUTS)["location"] == "westeurope"
    assert clouds.waits == []


@pytest.mark.parametrize(
    ("before", "waits"), [(0, [(4, 1)]), (1, [(4, 0)]), (0.25, [(1, 0), (3, 1)])], ids=["after", "before", "split"]
)
def test_the_wait_lies_after_the_change_or_before_it(
    clouds: Clouds, before: float, waits: list[tuple[float, int]]
) -> None:
    write_faults(clouds.state, latency={"scale": 2, "before": before, "seconds": {GROUP: {"create": 2}}})
    clouds.cloud.create(GROUP, INPUTS)
    assert clouds.waits == waits


def test_every_operation_has_its_own_time(clouds: Clouds) -> None:
    own = {GROUP: {"create": 4, "update": 3, "read": 2, "delete": 1}}
    write_faults(clouds.state, latency={"scale": 1, "seconds": own})
    group = clouds.cloud.create(GROUP, INPUTS)
    group = clouds.cloud.update(group, tags={"a": "b"})
    clouds.cloud.diff(group, tags={})
    clouds.cloud.read(group)
    clouds.cloud.delete(group)
    assert [seconds for seconds, _ in clouds.waits] == [4, 3, 2, 1]


def test_a_hang_of_some_seconds_ends(clouds: Clouds) -> None:
    write_faults(clouds.state, {"operation": "create", "hang": 7.5})
    assert clouds.cloud.create(GROUP, INPUTS).id
    assert clouds.waits == [(7.5, 0)]


@pytest.mark.parametrize(("when", "live"), [("before", 0), ("after", 1)])
def test_a_hang_without_end_ends_with_its_engine(clouds: Clouds, when: str, live: int) -> None:
    write_faults(clouds.state, {"operation": "create", "when": when, "hang": True})
    asked = clouds.cloud.begin(GROUP, INPUTS)
    with pytest.raises(grpc.FutureTimeoutError):
        asked.result(timeout=0.3)
    assert not clouds.under_way.none_within(0)
    asked.cancel()
    assert clouds.under_way.none_within(LONGEST)
    assert clouds.live() == live


def test_a_hang_without_end_ends_with_the_sandbox(tmp_path: Path) -> None:
    under_way = UnderWay()

    def injection(inventory: Inventory, provider: str) -> FaultInjection:
        return FaultInjection(provider, FaultSource(tmp_path / FILE, inventory.fault_counts), Killer.of(1), under_way)

    with simulated_cloud(tmp_path / "inventory.sqlite", injection) as cloud:
        write_faults(tmp_path, {"operation": "create", "hang": True})
        asked = cloud.begin(GROUP, INPUTS)
    assert asked.exception(LONGEST) is not None
    assert under_way.none_within(LONGEST)


@pytest.mark.parametrize(("engine_dies", "live"), [(True, 0), (False, 1)])
def test_who_outlives_a_kill_before_the_change_gets_it(clouds: Clouds, engine_dies: bool, live: int) -> None:
    clouds.engine_dies = engine_dies
    write_faults(clouds.state, {"operation": "create", "kill": "orchestrator"})
    clouds.cloud.begin(GROUP, INPUTS).exception(LONGEST)
    assert clouds.killed == ["orchestrator"]
    assert clouds.live() == live


def test_a_kill_after_the_change_leaves_it_in_the_cloud(clouds: Clouds) -> None:
    clouds.engine_dies = True
    write_faults(clouds.state, {"operation": "create", "when": "after", "kill": "engine"})
    clouds.cloud.begin(GROUP, INPUTS).exception(LONGEST)
    assert clouds.live() == 1


def test_credentials_expire_in_the_middle(clouds: Clouds) -> None:
    expired = {"type": "azure-native:*", "skip": 3, "times": "always", "error": {"code": "ExpiredAuthenticationToken"}}
    write_faults(clouds.state, expired)
    group = clouds.cloud.create(GROUP, INPUTS)  # Check and Create
    clouds.cloud.read(group)
    for _ in range(3):
        with pytest.raises(RefusedError, match='Status=401 Code="ExpiredAuthenticationToken"'):
            clouds.cloud.read(group)


def test_functions_and_configurations_fail_by_their_type(clouds: Clouds) -> None:
    token = "azure-native:authorization:getClientConfig"
    write_faults(clouds.state, {"type": token, "error": {"code": "ServiceUnavailable"}})
    with pytest.raises(RefusedError, match='Status=503 Code="ServiceUnavailable"'):
        clouds.cloud.invoke(token)
    assert clouds.cloud.invoke(token)["tenantId"] == CONFIGURATION["azure-native"]["tenantId"]


def test_a_file_that_becomes_wrong_fails_every_operation_with_its_sentence(clouds: Clouds) -> None:
    (clouds.state / FILE).write_text("rules: 3", encoding="utf-8")
    assert "faults.yaml: rules: should be a list" in clouds.cloud.refusal(GROUP, INPUTS)
    (clouds.state / FILE).unlink()
    assert clouds.cloud.create(GROUP, INPUTS).id


def test_many_wait_side_by_side(tmp_path: Path) -> None:
    def injection(inventory: Inventory, provider: str) -> FaultInjection:
        return FaultInjection(
            provider, FaultSource(tmp_path / FILE, inventory.fault_counts), Killer.of(1), UnderWay(), lambda _: None
        )

    with simulated_cloud(tmp_path / "inventory.sqlite", injection) as cloud:
        write_faults(tmp_path, {"operation": "create", "times": 60, "hang": True})
        hanging = [cloud.begin(GROUP, {**INPUTS, "resourceGroupName": f"rg{number}"}) for number in range(60)]
        until(lambda: list(cloud.inventory.fault_counts.all().values()) == [60])
        assert cloud.create(GROUP, INPUTS).id  # sixty that hang are in nobody's way
        for one in hanging:
            one.cancel()
