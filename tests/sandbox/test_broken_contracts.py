"""A preview fails where a stack would take an output from those who read it, before anything is deployed."""

from collections.abc import Generator

import pytest

from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

LOWER = "stacks/lower/program.py"
UPPER = "stacks/upper/program.py"
CONTRACTS = "sample_contracts.py"
DECLARED = '    word: Output[str] = output("A word.", secret=True)\n'
PUBLISHED = ', word=pulumi.Output.secret("planted-secret-3b"))'


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    """A platform whose upper stack reads a group and a secret word of the lower one."""
    made = small_platform(tmp_path_factory.mktemp("contracts"))
    made.change(CONTRACTS, 'output("A group.")\n', f'output("A group.")\n{DECLARED}')
    made.change(LOWER, "import pulumi_azure", "import pulumi\nimport pulumi_azure")
    made.change(LOWER, "(group=group.name)", f"(group=group.name{PUBLISHED}")
    made.change(UPPER, "location=env.azure.location", 'location=env.azure.location, tags={"word": lower.word}')
    answer = made.run("deploy", "--yes", "--json")
    assert answer.code == 0, answer.stderr
    return made


@pytest.fixture
def restored(platform: PlatformCopy) -> Generator[PlatformCopy]:
    """The platform, whose files are as they were once the test has ended."""
    texts = {file: (platform.root / file).read_text(encoding="utf-8") for file in (LOWER, UPPER, CONTRACTS)}
    yield platform
    for file, text in texts.items():
        (platform.root / file).write_text(text, encoding="utf-8")


KEEP = "publish it as before, or take it out of its readers first"
HIDE = "declare it secret again"
RETYPE = "publish the new one under another name, move the readers to it, and take this one away then"


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (
            [(CONTRACTS, DECLARED, ""), (LOWER, PUBLISHED, ")")],
            f"output word is not published any more, and upper ({UPPER}:10) reads it; {KEEP}",
        ),
        (
            [
                (CONTRACTS, "group: Output[str]", "group_name: Output[str]"),
                (LOWER, "(group=group.name", '(group_name=pulumi.Output.from_input("rg-small")'),
            ],
            f"output group is not published any more (is it group_name now?), and upper ({UPPER}:10) reads it; {KEEP}",
        ),
        (
            [
                (CONTRACTS, "group: Output[str]", "group: Output[list[str]]"),
                (LOWER, "(group=group.name", '(group=pulumi.Output.from_input(["rg-small"])'),
            ],
            f"output group was text and would be a list, and upper ({UPPER}:10) reads it; {RETYPE}",
        ),
        (
            [
                (CONTRACTS, DECLARED, DECLARED.replace(", secret=True", "")),
                (LOWER, 'pulumi.Output.secret("planted-secret-3b")', 'pulumi.Output.from_input("planted-secret-3b")'),
            ],
            f"output word was a secret and would be published in clear, and upper ({UPPER}:10) reads it; {HIDE}",
        ),
    ],
    ids=["removed", "renamed", "retyped", "laid bare"],
)
def test_taking_an_output_from_its_reader_fails(
    restored: PlatformCopy, edits: list[tuple[str, str, str]], said: str
) -> None:
    before = inventory_ids(restored)
    for file, old, new in edits:
        restored.change(file, old, new)
    answer = restored.run("preview", "--json")
    assert (answer.code, answer.results) == (1, {"lower": "failed", "upper": "skipped"}), answer.stderr
    assert reason(answer, "lower") == said
    assert "planted-secret-3b" not in answer.stdout + answer.stderr
    assert inventory_ids(restored) == before


def test_an_output_that_nobody_reads_may_go(platform: PlatformCopy) -> None:
    platform.change(UPPER, ', tags={"word": lower.word}', "")
    platform.change(CONTRACTS, DECLARED, "")
    platform.change(LOWER, PUBLISHED, ")")
    answer = platform.run("deploy", "--yes", "--json")
    assert answer.code == 0, answer.stderr
    assert answer.changes("upper") == {"update": 1}
