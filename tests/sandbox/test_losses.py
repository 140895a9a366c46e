"""What an update would destroy is refused, or confirmed by name."""

from pathlib import Path

import pytest

from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason

pytestmark = pytest.mark.sandbox

ENVIRONMENT = "environments/sandbox.yaml"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    made = small_platform(Path(tmp_path_factory.mktemp("losses")))
    assert deploy(made).code == 0
    return made


def deploy(platform: PlatformCopy, *flags: str) -> Answer:
    return platform.run("deploy", "--yes", "--json", *flags)


def test_another_location_is_refused_by_name_before_anything_is_touched(platform: PlatformCopy) -> None:
    before = inventory_ids(platform)
    platform.change(ENVIRONMENT, "location: westeurope", "location: northeurope")
    refused = deploy(platform)
    assert (refused.code, refused.results) == (2, {"lower": "failed", "upper": "failed"})
    assert reason(refused, "lower") == (
        "resource group rg-small would be replaced (location changed), and with it every Azure resource of the "
        "environment; if that is meant, deploy with --confirm rg-small"
    )
    assert refused.changes("lower") == refused.changes("upper") == {}
    assert reason(refused, "upper").endswith("if that is meant, deploy with --confirm id-small")
    assert inventory_ids(platform) == before


def test_a_preview_says_it_too_and_fails_nothing(platform: PlatformCopy) -> None:
    preview = platform.run("preview", "--json", "--stacks", "lower")
    assert (preview.code, preview.changes("lower")["replace"]) == (0, 1)
    assert reason(preview, "lower").startswith("resource group rg-small would be replaced (location changed)")


def test_another_name_confirms_nothing(platform: PlatformCopy) -> None:
    assert deploy(platform, "--confirm", "rg-other").code == 2


def test_its_name_confirms_it(platform: PlatformCopy) -> None:
    done = deploy(platform, "--confirm", "rg-small,id-small")
    assert (done.code, done.changes("lower")["replace"]) == (0, 1), done.stderr


def test_a_change_that_keeps_what_is_there_needs_no_confirmation(platform: PlatformCopy) -> None:
    platform.change(
        "stacks/lower/program.py", "location=env.azure.location)", 'location=env.azure.location, tags={"a": "b"})'
    )
    done = deploy(platform)
    assert (done.code, done.changes("lower")) == (0, {"update": 1}), done.stderr
