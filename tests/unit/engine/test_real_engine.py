"""The engine of the machine that the tests run on."""

import subprocess

import pytest
from semver import Version

from shared.engine import find_engine
from shared.engine.releases import parse_version, why_unsupported


@pytest.mark.sandbox
def test_this_machine_has_or_gets_an_engine_that_answers() -> None:
    lines: list[str] = []
    engine = find_engine(lines.append)
    assert why_unsupported(Version.parse(engine.version)) is None
    printed = subprocess.check_output([engine.path, "version"], text=True)
    assert parse_version(printed) == Version.parse(engine.version)
    assert find_engine(lines.append, install=False).path == engine.path
