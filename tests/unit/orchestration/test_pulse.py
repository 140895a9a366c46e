"""What counts as taking too long."""

from shared.orchestration.pulse import Pulse
from shared.orchestration.resource_steps import ResourceStep, StepState

URN = "urn:pulumi:dev::key_vault::azure-native:keyvault:Vault::cmk"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def step(state: StepState, at: float, operation: str = "create") -> ResourceStep:
    return ResourceStep(urn=URN, operation=operation, state=state, at=at)


def test_a_resource_that_was_begun_and_not_ended_is_named_with_its_time() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.step(step("begun", 1000.0))
    clock.now += 100
    pulse.beat()
    assert pulse.overdue(100) == ""
    clock.now += 20
    pulse.beat()
    assert pulse.overdue(100) == "cmk (azure-native:keyvault:Vault) has been made for 2 minutes"
    pulse.step(step("done", clock.now))
    assert pulse.overdue(100) == ""


def test_silence_is_told_where_no_resource_is_under_way() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    clock.now += 31
    assert pulse.overdue(30) == "nothing has happened for 31 seconds"
    pulse.beat()
    assert pulse.overdue(30) == ""


def test_what_failed_or_belongs_to_an_operation_before_counts_no_more() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.step(step("begun", 1000.0, "delete"))
    pulse.step(step("failed", 1001.0, "delete"))
    pulse.step(step("begun", 1002.0))
    pulse.restart()
    clock.now += 5
    assert pulse.overdue(10) == ""


def test_a_resource_that_is_begun_twice_counts_from_the_first_time() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.step(step("begun", 1000.0, "delete"))
    pulse.step(step("begun", 1050.0, "delete"))
    clock.now = 1061.0
    assert pulse.overdue(60) == "cmk (azure-native:keyvault:Vault) has been deleted for 61 seconds"
