"""Creations go forward through the graph, deletions back: nobody loses what it still uses."""

import pytest

from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

LOWER = "stacks/lower/program.py"
UPPER = "stacks/upper/program.py"
FIRST = """    group = az.resources.ResourceGroup("group", resource_group_name="rg-small", location=env.azure.location)
"""
SECOND = FIRST.replace('"group"', '"other"').replace("rg-small", "rg-other")


@pytest.fixture
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    made = small_platform(tmp_path_factory.mktemp("withheld"))
    assert made.run("deploy", "--yes").code == 0
    return made


def move(platform: PlatformCopy) -> None:
    """Let lower make another group in place of the first, in which upper's identity is."""
    platform.change(LOWER, FIRST, SECOND)


def test_what_a_reader_still_uses_goes_after_it(platform: PlatformCopy) -> None:
    move(platform)
    done = platform.run("deploy", "--yes", "--json", "--confirm", "rg-small,id-small")
    assert done.code == 0, done.stdout + done.stderr
    assert done.changes("lower") == {"create": 1, "delete": 1}
    assert done.changes("upper") == {"replace": 1}
    # The group was deleted when the identity had left it: a group that holds something is not deleted alone.
    assert done.stderr.rindex("upper: succeeded") < done.stderr.rindex("lower: succeeded (-1 deleted")
    assert not any("rg-small" in one for one in inventory_ids(platform))
    again = platform.run("preview", "--json", "--all")
    assert again.results == {"lower": "unchanged", "upper": "unchanged"}


def test_where_the_reader_fails_what_it_uses_stays_and_goes_next_time(platform: PlatformCopy) -> None:
    move(platform)
    platform.change(UPPER, '"id-small"', '"an identity with a name that Azure refuses"')
    failed = platform.run("deploy", "--yes", "--json", "--confirm", "rg-small,id-small")
    assert failed.code != 0
    assert failed.results == {"lower": "succeeded", "upper": "failed"}, failed.stdout
    assert any(one.endswith("rg-small") for one in inventory_ids(platform))
    platform.change(UPPER, '"an identity with a name that Azure refuses"', '"id-small"')
    done = platform.run("deploy", "--yes", "--json", "--confirm", "rg-small,id-small")
    assert (done.code, done.changes("lower")) == (0, {"delete": 1}), done.stdout
    assert reason(done, "lower") == ""
