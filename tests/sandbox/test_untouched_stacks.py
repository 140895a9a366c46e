"""A preview leaves out the stacks in which nothing can have changed, and no other one."""

from pathlib import Path

import pytest

from tests.sandbox.faults_file import write_faults
from tests.sandbox.killed_runs import begun, noted, until
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import reason

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

LOWER = "stacks/lower/program.py"
UPPER = "stacks/upper/program.py"
ENVIRONMENT = "environments/sandbox.yaml"
SPARED = "not affected: nothing that it is made of or reads has changed since it was deployed"
EXTRA = """    az.managedidentity.UserAssignedIdentity(
        "extra", resource_group_name="rg-small", resource_name_="id-extra", location=env.azure.location
    )
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    made = small_platform(tmp_path_factory.mktemp("untouched"))
    deploy(made)
    return made


def deploy(platform: PlatformCopy, *flags: str) -> Answer:
    answer = platform.run("deploy", "--yes", "--json", *flags)
    assert answer.code == 0, answer.stderr
    return answer


def spared(platform: PlatformCopy, *flags: str) -> set[str]:
    """Return the stacks that a preview leaves out. They are said to be as they were, in one way only."""
    answer = platform.run("preview", "--json", *flags)
    found = {one["name"] for one in answer.document["stacks"] if one["reason"].startswith("not affected")}
    for stack in found:
        assert (reason(answer, stack), answer.results[stack], answer.changes(stack)) == (SPARED, "unchanged", {})
    return found


def records(platform: PlatformCopy) -> set[str]:
    return {file.name for file in (platform.state / "state" / ".ml-platform" / "deployed" / "sandbox").glob("*")}


def test_what_was_just_deployed_is_not_affected(platform: PlatformCopy) -> None:
    assert spared(platform) == {"lower", "upper"}
    assert records(platform) == {"lower.json", "upper.json"}


def test_all_of_them_are_previewed_on_demand(platform: PlatformCopy) -> None:
    answer = platform.run("preview", "--json", "--all")
    assert answer.results == {"lower": "unchanged", "upper": "unchanged"}
    for stack in answer.document["stacks"]:
        assert (stack["reason"], stack["changes"]["same"] > 0) == ("", True)


def test_a_comment_changes_nothing(platform: PlatformCopy) -> None:
    for file in (LOWER, UPPER, ENVIRONMENT):
        path = platform.root / file
        path.write_text(path.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")
    (platform.root / "stacks" / "lower" / "README.md").write_text("words\n", encoding="utf-8")
    assert spared(platform) == {"lower", "upper"}


def test_a_value_of_the_environment_that_nobody_reads_changes_nothing(platform: PlatformCopy) -> None:
    platform.change(ENVIRONMENT, "organization: example", "organization: another")
    assert spared(platform) == {"lower", "upper"}


def test_a_program_touches_its_stack_only(platform: PlatformCopy) -> None:
    platform.change(UPPER, "location=env.azure.location", 'location=env.azure.location, tags={"a": "b"}')
    assert spared(platform) == {"lower"}
    assert deploy(platform).changes("upper") == {"update": 1}


def test_a_reader_is_touched_only_where_what_it_reads_changes(platform: PlatformCopy) -> None:
    platform.change(LOWER, "    return Lower", f"{EXTRA}    return Lower")
    assert spared(platform) == {"upper"}
    platform.change(LOWER, "LowerOutputs(group=group.name)", 'LowerOutputs(group="rg-other")')
    assert spared(platform) == set()
    platform.change(LOWER, 'LowerOutputs(group="rg-other")', "LowerOutputs(group=group.name)")
    assert deploy(platform).changes("lower") == {"create": 1}
    assert spared(platform) == {"lower", "upper"}


def test_a_value_of_the_environment_touches_who_reads_it(platform: PlatformCopy) -> None:
    platform.change(ENVIRONMENT, "location: westeurope", "location: northeurope")
    assert spared(platform) == set()
    platform.change(ENVIRONMENT, "location: northeurope", "location: westeurope")


def test_a_secret_touches_its_stack(platform: PlatformCopy) -> None:
    assert platform.run("secret set token", "--stack", "upper", text="planted-secret").code == 0
    assert spared(platform) == {"lower"}
    deploy(platform)
    assert spared(platform) == {"lower", "upper"}
    assert not [file for file in records_files(platform) if b"planted-secret" in file.read_bytes()]


def records_files(platform: PlatformCopy) -> list[Path]:
    return [file for file in (platform.state / "state" / ".ml-platform").rglob("*") if file.is_file()]


def test_a_deployment_that_failed_leaves_its_stack_touched(platform: PlatformCopy) -> None:
    halfway = EXTRA.replace("extra", "halfway") + "    raise ValueError('too late')\n"
    platform.change(UPPER, "    return Upper", f"{halfway}    return Upper")
    before = platform.run("deploy", "--yes", "--json")
    assert before.results["upper"] == "failed"
    assert spared(platform) == {"lower"}
    platform.change(UPPER, halfway, "")


def test_destroying_forgets(platform: PlatformCopy) -> None:
    answer = platform.run("destroy", "--yes", "--json", "--stacks", "upper")
    assert answer.code == 0, answer.stderr
    assert records(platform) == {"lower.json"}
    said = platform.run("preview", "--json")
    assert reason(said, "lower") == SPARED
    assert said.changes("upper") == {"create": 3}


def test_what_is_noted_holds_no_values(platform: PlatformCopy) -> None:
    assert records_files(platform)
    for file in records_files(platform):
        words = set(file.read_text(encoding="utf-8", errors="replace").split('"'))
        assert not {"rg-small", "id-small", "westeurope"} & words, file


def test_what_was_edited_while_it_was_deployed_is_looked_at_again(tmp_path: Path) -> None:
    platform = small_platform(tmp_path)
    write_faults(platform.state, latency={"scale": 1, "seconds": {"*": {"create": 1}}})
    running = begun(platform, "deploy", "--yes", "--json")
    until(noted(platform, "lower started"))
    before = (platform.root / LOWER).read_text(encoding="utf-8")
    (platform.root / LOWER).write_text(f"{before}\nprint('edited')\n", encoding="utf-8")
    _, said = running.communicate()
    assert running.returncode == 0, said
    assert "sources were edited meanwhile" in said
    write_faults(platform.state)
    (platform.root / LOWER).write_text(before, encoding="utf-8")
    assert spared(platform) == set()
    deploy(platform)
    assert spared(platform) == {"lower", "upper"}
