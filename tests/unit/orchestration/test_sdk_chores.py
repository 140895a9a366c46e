"""What the SDK is spared in workers, and that nothing else is."""

import inspect
import logging
from typing import Any

import pulumi
import pulumi.resource
import pytest
from pulumi import log
from pulumi.runtime import mocks

from shared.orchestration.sdk_chores import leave_out_chores
from tests.simulated_stack import simulated_stack

ENGINE = "root"
"""The logger that the SDK's mock of the engine writes to."""
URNS = "collapse_alias_to_urn"


class AnyResource(mocks.Mocks):
    """Whatever is asked for exists."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        return {}, None


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the SDK back afterwards what it had."""
    monkeypatch.setattr(log, "debug", log.debug)
    monkeypatch.setattr(pulumi.resource, URNS, pulumi.resource.__dict__[URNS])


def program() -> None:
    pulumi.CustomResource("example:index:Thing", "thing", {"size": 3})
    log.warn("a warning")


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return what the engine is told while a program runs, with its level."""
    caplog.set_level(logging.DEBUG)
    with simulated_stack(AnyResource(), project="example", stack="sandbox"):
        pulumi.runtime.test(program)()
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == ENGINE]


def test_only_debug_lines_are_dropped(caplog: pytest.LogCaptureFixture) -> None:
    before = said(caplog)
    caplog.clear()
    leave_out_chores()
    after = said(caplog)
    assert {level for level, _ in before} == {"DEBUG", "WARNING"}
    assert after == [("WARNING", "a warning")]


def test_programs_can_call_it_as_ever() -> None:
    parameters = list(inspect.signature(log.debug).parameters)
    leave_out_chores()
    assert list(inspect.signature(log.debug).parameters) == parameters
    log.debug("a line", ephemeral=True)


def test_the_urn_of_an_alias_is_worked_out_where_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(pulumi.resource, URNS, lambda *said: asked.append(said[0]))
    alias = pulumi.Alias(type_="example:index:OldThing")

    def with_alias() -> None:
        pulumi.CustomResource("example:index:Thing", "thing", {}, opts=pulumi.ResourceOptions(aliases=[alias]))

    with simulated_stack(AnyResource(), project="example", stack="sandbox"):
        pulumi.runtime.test(with_alias)()
    assert asked == [alias]
