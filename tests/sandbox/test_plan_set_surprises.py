"""Previews and plan sets where something is other than it looks: secrets, parts, questions that stay open."""

from pathlib import Path

import pytest

from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import reason
from tests.sandbox.test_plan_sets import CONTRACTS, LOWER, UPPER, apply, asked, save, step, touched

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    made = small_platform(tmp_path_factory.mktemp("faults"))
    made.change(CONTRACTS, '"A group.")', '"A group.")\n    word: Output[str] = output("A word.", secret=True)')
    made.change(CONTRACTS, '"An identity.")', '"An identity.")\n    word: Output[str] = output("A word.", secret=True)')
    made.change(LOWER, "import pulumi_azure", "import pulumi\nimport pulumi_azure")
    made.change(LOWER, "location=env.azure.location", 'location=env.azure.location, tags={"plain": "property-0"}')
    made.change(LOWER, "(group=group.name)", '(group=group.name, word=pulumi.Output.secret("planted-1"))')
    made.change(UPPER, "(identity=identity.id)", "(identity=identity.id, word=lower.word)")
    assert made.run("deploy", "--yes", "--json").code == 0
    return made


def test_a_secret_that_is_only_passed_on_arrives(platform: PlatformCopy, tmp_path: Path) -> None:
    platform.change(LOWER, "planted-1", "planted-2")
    save(platform, tmp_path / "a.plans")
    answer = apply(platform, tmp_path / "a.plans")
    assert answer.code == 0
    assert not reason(answer, "upper")
    assert platform.run("deploy", "--yes", "--json").code == 0


def test_a_state_that_moved_while_the_question_was_open(platform: PlatformCopy, tmp_path: Path) -> None:
    file = tmp_path / "b.plans"
    step(platform, 2)
    save(platform, file)

    def meanwhile() -> None:
        # By somebody who does not ask for the lease, with Pulumi's own commands.
        state = platform.state / "state" / ".pulumi" / "stacks" / "lower" / "sandbox.json"
        text = state.read_text(encoding="utf-8")
        assert "property-0" in text
        state.write_text(text.replace("property-0", "property-3"), encoding="utf-8")

    answer = asked(platform, meanwhile, "--plan", str(file))
    assert answer.code == 13, answer.stderr


def test_certain_is_certain_with_secrets_too(platform: PlatformCopy) -> None:
    platform.change(
        LOWER,
        'pulumi.Output.secret("planted-2")',
        'pulumi.Output.secret(group.managed_by.apply(lambda by: by or "nobody"))',
    )
    platform.change(UPPER, "location=env.azure.location", 'location=env.azure.location, tags={"word": lower.word}')
    assert platform.run("deploy", "--yes", "--json").code == 0
    step(platform, 4)
    said = platform.run("preview", "--json")
    done = platform.run("deploy", "--yes", "--json")
    assert (said.changes("upper"), done.changes("upper")) == ({}, {})


def test_parts_with_a_loss(platform: PlatformCopy, tmp_path: Path) -> None:
    file = tmp_path / "c.plans"
    platform.change(LOWER, '"rg-small"', '"rg-other"')
    save(platform, file)
    assert apply(platform, file, "--stacks", "lower", "--confirm", "rg-small").code == 0
    rest = apply(platform, file, "--confirm", "id-small")
    assert rest.code == 0, reason(rest, "lower")


def test_saving_into_a_folder_that_is_not_there(platform: PlatformCopy, tmp_path: Path) -> None:
    answer = platform.run("preview", "--json", "--save", str(tmp_path / "none" / "x.plans"))
    assert answer.code == 2
    assert "lower: running" not in answer.stderr
    assert answer.document["exit_code"] == 2


def test_a_secret_can_be_set_before_anything_else(tmp_path: Path) -> None:
    made = small_platform(tmp_path)
    assert made.run("secret set token", "--stack", "lower", text="planted").code == 0
    answer = made.run("preview", "--json")
    assert answer.code == 0, answer.stderr


def test_a_plan_that_differs_in_an_output_only_is_refused(tmp_path: Path) -> None:
    made = small_platform(tmp_path)
    made.change(CONTRACTS, '"A group.")', '"A group.")\n    word: Output[str] = output("A word.", secret=True)')
    made.change(LOWER, "import pulumi_azure", "import pulumi\nimport pulumi_azure")
    made.change(
        LOWER,
        "(group=group.name)",
        '(group=group.name, word=pulumi.Output.secret(pulumi.Config().get("token") or "none"))',
    )
    assert made.run("deploy", "--yes", "--json").code == 0
    save(made, tmp_path / "a.plans")
    assert made.run("secret set token", "--stack", "lower", text="planted-secret").code == 0
    before = touched(made)
    answer = apply(made, tmp_path / "a.plans", "--stacks", "lower", "--verbose")
    assert answer.code == 13
    assert touched(made) == before
    assert "planted-secret" not in answer.stdout + answer.stderr


def test_a_file_that_cannot_be_written_is_said_in_one_document(platform: PlatformCopy, tmp_path: Path) -> None:
    answer = platform.run("preview", "--json", "--stacks", "lower", "--save", str(tmp_path / ("n" * 240)))
    assert answer.code == answer.document["exit_code"] == 2
