"""The SDK's debug lines do not reach the engine, and everything else that is said does."""

import inspect
import logging
from typing import Any

import pulumi
import pytest
from pulumi import log
from pulumi.runtime import mocks

from shared.orchestration.debug_lines import drop_debug_lines
from tests.simulated_stack import simulated_stack

ENGINE = "root"
"""The logger that the SDK's mock of the engine writes to."""


class AnyResource(mocks.Mocks):
    """Whatever is asked for exists."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        return {}, None


def program() -> None:
    pulumi.CustomResource("example:index:Thing", "thing", {"size": 3})
    log.warn("a warning")


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return what the engine is told while a program runs, with its level."""
    caplog.set_level(logging.DEBUG)
    with simulated_stack(AnyResource(), project="example", stack="sandbox"):
        pulumi.runtime.test(program)()
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == ENGINE]


def test_only_debug_lines_are_dropped(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(log, "debug", log.debug)  # so that it comes back
    before = said(caplog)
    caplog.clear()
    drop_debug_lines()
    after = said(caplog)
    assert {level for level, _ in before} == {"DEBUG", "WARNING"}
    assert after == [("WARNING", "a warning")]


def test_programs_can_call_it_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = list(inspect.signature(log.debug).parameters)
    monkeypatch.setattr(log, "debug", log.debug)
    drop_debug_lines()
    assert list(inspect.signature(log.debug).parameters) == parameters
    log.debug("a line", ephemeral=True)
