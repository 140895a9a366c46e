"""A saved preview is deployed as it was shown, or refused with what differs before anything is touched."""

import json
import os
import pty
import stat
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from shared.sandbox.inventory import Inventory
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import reason

pytestmark = pytest.mark.sandbox

LOWER = "stacks/lower/program.py"
UPPER = "stacks/upper/program.py"
CONTRACTS = "sample_contracts.py"
ENVIRONMENT = "environments/sandbox.yaml"
PROPERTY = "property-0"
SECRET = "planted-secret-5d1a"
OTHER_SECRET = "planted-secret-7f3c"
TAGS = f'tags={{"plain": "{PROPERTY}", "hidden": pulumi.Config().require_secret("token")}}'
EXTRA = """    az.managedidentity.UserAssignedIdentity(
        "extra", resource_group_name=group.name, resource_name_="id-extra", location=env.azure.location
    )
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    """A platform whose lower stack has a secret in a tag, and publishes it."""
    made = small_platform(tmp_path_factory.mktemp("plans"))
    assert made.run("preview", "--stacks", "lower").code == 0  # a secret is set in a sandbox that is there
    made.change(CONTRACTS, '"A group.")', '"A group.")\n    word: Output[str] = output("A word.", secret=True)')
    made.change(LOWER, "import pulumi_azure", "import pulumi\nimport pulumi_azure")
    made.change(LOWER, "location=env.azure.location", f"location=env.azure.location, {TAGS}")
    made.change(LOWER, "(group=group.name)", '(group=group.name, word=pulumi.Config().require_secret("token"))')
    assert made.run("secret set token", "--stack", "lower", text=SECRET).code == 0
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def save(platform: PlatformCopy, file: Path) -> Answer:
    answer = platform.run("preview", "--json", "--save", str(file))
    assert answer.code == 0, answer.stderr
    return answer


def apply(platform: PlatformCopy, file: Path, *flags: str) -> Answer:
    return platform.run("deploy", "--yes", "--json", "--plan", str(file), *flags)


def touched(platform: PlatformCopy) -> Mapping[str, object]:
    """Return all that a deployment changes: what is in the clouds, and what is in the state.

    That a run was begun is noted, also of one that changed nothing: its lease and its journal are left out.
    """
    inventory = Inventory(platform.state / "inventory.sqlite")
    try:
        clouds = {record.id: record for record in inventory.all()}
    finally:
        inventory.close()
    files = (file for file in (platform.state / "state").rglob("*") if file.is_file())
    state = {str(file): file.read_bytes() for file in files if not {"leases", "runs"} & set(file.parts)}
    return {**clouds, **state}


def refused(platform: PlatformCopy, file: Path, *flags: str) -> str:
    """Return why a plan set is refused: with exit code 13, one sentence, one document, and nothing touched."""
    before = touched(platform)
    answer = apply(platform, file, *flags)
    assert answer.code == 13, answer.stdout + answer.stderr
    assert touched(platform) == before
    assert (answer.document["result"], answer.document["exit_code"]) == ("failed", 13)
    start, end = f"deploy: the plan set {file} is refused: ", "; make a new one with invoke preview --save"
    sentence = answer.stderr.splitlines()[-1]
    assert sentence.startswith(start)
    assert sentence.endswith(end)
    return sentence.removeprefix(start).removesuffix(end)


def step(platform: PlatformCopy, number: int) -> None:
    """Change the plain tag of the group."""
    text = (platform.root / LOWER).read_text(encoding="utf-8")
    start = text.index("property-")
    platform.change(LOWER, text[start : text.index('"', start)], f"property-{number}")


def deflated_in(data: bytes) -> bytes:
    """Return all that can be decompressed from any place in `data`."""
    found: list[bytes] = []
    for offset in range(len(data)):
        try:
            found.append(zlib.decompressobj(-15).decompress(data[offset : offset + 20_000], 20_000))
        except zlib.error:
            continue
    return b"".join(found)


def test_what_was_saved_is_deployed_and_nothing_else(platform: PlatformCopy, folder: Path) -> None:
    file = folder / "first.plans"
    said = save(platform, file)
    assert not [one for one in touched(platform) if one.startswith("/subscriptions")]
    done = apply(platform, file)
    assert done.code == 0, done.stderr
    for stack in ("lower", "upper"):
        assert done.results[stack] == "succeeded"
        assert said.changes(stack) == done.changes(stack)


def test_a_plan_set_is_for_its_user_only_and_says_nothing_in_clear(platform: PlatformCopy, folder: Path) -> None:
    file = folder / "first.plans"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == ["first.plans"]
    data = file.read_bytes()
    assert not zipfile.is_zipfile(file)
    for content in (data, deflated_in(data)):
        for planted in (SECRET, PROPERTY, "rg-small", "id-small", "resourcePlans"):
            assert planted.encode() not in content


def damage(what: str, data: bytes) -> bytes:
    middle = len(data) // 2
    return {
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "truncated": data[:-1],
        "empty": b"",
        "strange": b"PK\x03\x04 a build artifact of another kind",
    }[what]


@pytest.mark.parametrize(
    ("what", "difference"),
    [
        ("flipped", "it was changed or cut off since it was written"),
        ("truncated", "it was changed or cut off since it was written"),
        ("empty", "it is empty"),
        ("strange", "it is no plan set"),
    ],
)
def test_a_damaged_file_is_refused(platform: PlatformCopy, folder: Path, what: str, difference: str) -> None:
    file = folder / f"{what}.plans"
    file.write_bytes(damage(what, (folder / "first.plans").read_bytes()))
    assert refused(platform, file) == difference


def test_what_is_made_from_something_else_is_refused_with_each_difference(platform: PlatformCopy, folder: Path) -> None:
    step(platform, 1)
    file = folder / "second.plans"
    save(platform, file)
    other = platform.root / "pulumi_aws-0.0.1.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: pulumi-aws\nVersion: 0.0.1\n", encoding="utf-8")
    platform.change(ENVIRONMENT, "owner: ml-platform", "owner: somebody")
    platform.change(UPPER, "Makes an identity", "Makes one identity")
    said = refused(platform, file).split("; ")
    assert said[:2] == [
        "environments/sandbox.yaml: tags.owner is somebody, was ml-platform",
        "stacks/upper/program.py changed since",
    ]
    assert said[2].startswith("pulumi-aws is 0.0.1, was ")
    assert len(said) == 3
    platform.change(ENVIRONMENT, "owner: somebody", "owner: ml-platform")
    platform.change(UPPER, "Makes one identity", "Makes an identity")
    (other / "METADATA").unlink()
    other.rmdir()


def test_the_set_of_another_environment_is_refused(platform: PlatformCopy, folder: Path) -> None:
    source = platform.root / ENVIRONMENT
    (source.parent / "other.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    file, before = folder / "second.plans", touched(platform)
    answer = platform.invoke(
        "deploy", "--yes", "--json", "--plan", str(file), "--env", "other", "--state", str(platform.state)
    )
    assert answer.code == 13
    assert answer.stderr == (
        f"deploy: the plan set {file} is refused: it was made for sandbox, and this is other; "
        "make a new one with invoke preview --save\n"
    )
    assert touched(platform) == before


def test_a_file_that_is_not_there_is_a_mistake_of_the_command(platform: PlatformCopy, folder: Path) -> None:
    answer = apply(platform, folder / "none.plans")
    assert answer.code == 2
    assert answer.document["exit_code"] == 2
    assert f"the plan set {folder / 'none.plans'} is not there" in answer.stderr


def test_a_state_that_moved_and_stays_within_what_was_approved_is_deployed(
    platform: PlatformCopy, folder: Path
) -> None:
    step(platform, 2)
    assert platform.run("deploy", "--yes", "--json", "--stacks", "lower").changes("lower") == {"update": 1}
    step(platform, 1)
    done = apply(platform, folder / "second.plans")
    assert done.code == 0, done.stderr
    assert (done.changes("lower"), done.changes("upper")) == ({"update": 1}, {})
    assert PROPERTY.replace("0", "1") in str(touched(platform).values())


def test_a_state_that_moved_beyond_what_was_approved_is_refused(platform: PlatformCopy, folder: Path) -> None:
    step(platform, 3)
    file = folder / "third.plans"
    save(platform, file)
    platform.change(LOWER, "    return Lower", f"{EXTRA}    return Lower")
    assert platform.run("deploy", "--yes", "--json", "--stacks", "lower").changes("lower")["create"] == 1
    platform.change(LOWER, EXTRA, "")
    assert refused(platform, file) == (
        "lower: its own state moved since; upper: the state of lower moved since; lower: delete of "
        "azure-native:managedidentity:UserAssignedIdentity::extra goes beyond what was approved for it: nothing"
    )
    assert platform.run("deploy", "--yes", "--json", "--confirm", "id-extra").code == 0


def test_a_secret_that_changed_since_is_refused_by_the_engine_and_shown_nowhere(
    platform: PlatformCopy, folder: Path
) -> None:
    file = folder / "fourth.plans"
    step(platform, 4)
    save(platform, file)
    assert platform.run("secret set token", "--stack", "lower", text=OTHER_SECRET).code == 0
    before = touched(platform)
    answer = apply(platform, file, "--verbose")
    assert answer.code == 13, answer.stdout
    assert reason(answer, "lower") == (
        "this is not what was reviewed: group (azure-native:resources:ResourceGroup) is not as in the plan: "
        "properties changed: tags; preview again"
    )
    assert touched(platform) == before
    for planted in (SECRET, OTHER_SECRET):
        assert planted not in answer.stdout + answer.stderr
        assert not [
            file for file in platform.state.rglob("*") if file.is_file() and planted.encode() in file.read_bytes()
        ]
    assert platform.run("deploy", "--yes", "--json").code == 0


def test_a_loss_is_confirmed_by_name_before_a_plan_set_touches_anything(platform: PlatformCopy, folder: Path) -> None:
    platform.change(LOWER, '"rg-small"', '"rg-other"')
    file = folder / "fifth.plans"
    save(platform, file)
    before = touched(platform)
    answer = apply(platform, file)
    assert (answer.code, answer.results["lower"]) == (2, "failed")
    assert "resource group rg-small would be replaced" in reason(answer, "lower")
    assert "if that is meant, deploy with --confirm rg-small" in reason(answer, "lower")
    assert touched(platform) == before


def test_confirmed_it_is_deployed(platform: PlatformCopy, folder: Path) -> None:
    done = apply(platform, folder / "fifth.plans", "--confirm", "rg-small,id-small")
    assert done.code == 0, done.stdout + done.stderr
    assert (done.changes("lower"), done.changes("upper")) == ({"replace": 1}, {"replace": 1})


def test_a_plan_set_can_be_deployed_in_parts(platform: PlatformCopy, folder: Path) -> None:
    step(platform, 5)
    platform.change(UPPER, "location=env.azure.location", 'location=env.azure.location, tags={"a": "b"}')
    file = folder / "sixth.plans"
    save(platform, file)
    lower = apply(platform, file, "--stacks", "lower")
    assert (lower.code, lower.results) == (0, {"lower": "succeeded"}), lower.stderr
    assert lower.changes("lower") == {"update": 1}
    rest = apply(platform, file)
    assert rest.code == 0, rest.stdout + rest.stderr
    assert (rest.changes("lower"), rest.changes("upper")) == ({}, {"update": 1})


def test_a_preview_that_fails_is_not_saved(platform: PlatformCopy, folder: Path) -> None:
    platform.change(UPPER, "    identity = az", "    raise ValueError('no good')\n    identity = az")
    file = folder / "failed.plans"
    answer = platform.run("preview", "--json", "--save", str(file))
    assert answer.code == 1
    assert f"{file} was not written: only a preview that went well can be deployed" in answer.stderr
    assert not file.exists()
    platform.change(UPPER, "    raise ValueError('no good')\n", "")


def asked(platform: PlatformCopy, meanwhile: Callable[[], None], *flags: str) -> Answer:
    """Deploy at a terminal, and say yes once something else was done while the question was open."""
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "invoke", "deploy", "--env", "sandbox", "--state", str(platform.state), *flags],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        stdin=secondary,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    while not said.endswith("[y/N] "):
        letter = process.stderr.read(1)
        if not letter or said.endswith("lose it: "):
            process.kill()
            pytest.fail(said)
        said += letter
    meanwhile()
    # What is typed before the question reads is thrown away, so it is typed until it was heard.
    while process.poll() is None:
        os.write(primary, b"y\n")
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
    stdout, stderr = process.communicate()
    os.close(primary)
    os.close(secondary)
    return Answer(code=process.returncode, stdout=stdout, stderr=said + stderr)


def test_what_changes_while_the_question_is_open_is_not_deployed(platform: PlatformCopy) -> None:
    step(platform, 6)
    before = touched(platform)

    def meanwhile() -> None:
        step(platform, 7)
        platform.change(ENVIRONMENT, "owner: ml-platform", "owner: somebody")

    answer = asked(platform, meanwhile)
    assert answer.code == 13, answer.stderr
    question, _, refusal = answer.stderr.splitlines()[-1].partition("[y/N] ")
    assert question == "Deploy this to sandbox? "
    assert refusal == (
        "deploy: what was shown is not what is now: environments/sandbox.yaml: tags.owner is somebody, was "
        "ml-platform; stacks/lower/program.py changed since; deploy again to see it"
    )
    assert touched(platform) == before
    assert "~ update group" in answer.stderr
    platform.change(ENVIRONMENT, "owner: somebody", "owner: ml-platform")


def test_what_was_shown_at_the_keyboard_is_deployed(platform: PlatformCopy) -> None:
    answer = asked(platform, lambda: None)
    assert answer.code == 0, answer.stderr
    assert json.loads(platform.run("preview", "--json").stdout)["result"] == "unchanged"
    assert "property-7" in str(touched(platform).values())
