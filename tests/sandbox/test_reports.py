"""What a real run says of itself, in every form: one that goes well, fails, is stopped, or never begins."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from shared.environment.loading import REPOSITORY
from tests.sandbox.faults_file import write_faults
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox

SCHEMA: dict[str, Any] = json.loads((REPOSITORY / "docs" / "run-report.schema.json").read_text(encoding="utf-8"))
GROUP = "azure-native:resources:ResourceGroup"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    return small_platform(tmp_path_factory.mktemp("reports"))


@pytest.fixture(autouse=True)
def _faultless(platform: PlatformCopy) -> None:
    write_faults(platform.state)


class Files:
    """The three files of one run's report."""

    def __init__(self, folder: Path) -> None:
        self.html, self.junit, self.summary = (folder / name for name in ("run.html", "run.xml", "summary.md"))
        self.flags = ("--html", str(self.html), "--junit", str(self.junit))

    @property
    def cases(self) -> dict[str, str]:
        """Return the verdict of each case of the JUnit file."""
        root = ET.parse(self.junit)  # noqa: S314  it is our own
        return {case.get("name", ""): case[0].tag if len(case) else "passed" for case in root.iter("testcase")}

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(file.read_text(encoding="utf-8") for file in (self.html, self.junit, self.summary))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    found = Files(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(found.summary))
    return found


def stacks(answer: Answer) -> dict[str, Any]:
    """Return the stacks of a run whose JSON is as its schema says."""
    jsonschema.validate(answer.document, SCHEMA)
    return {stack["name"]: stack for stack in answer.document["stacks"]}


def test_a_run_says_when_it_did_what_in_every_form_and_no_values(platform: PlatformCopy, files: Files) -> None:
    deployed = platform.run("deploy --yes --json", *files.flags)
    assert deployed.code == 0, deployed.stderr
    found = stacks(deployed)
    (group,), (identity,) = found["lower"]["steps"], found["upper"]["steps"]
    assert [(step["operation"], step["type"], step["name"]) for step in (group, identity)] == [
        ("create", GROUP, "group"),
        ("create", IDENTITY, "identity"),
    ]
    moments = [
        found["lower"]["began"],
        group["began"],
        group["ended"],
        found["lower"]["ended"],
        found["upper"]["began"],
        identity["began"],
        identity["ended"],
        found["upper"]["ended"],
        deployed.document["seconds"],
    ]
    assert moments == sorted(moments)
    assert found["upper"]["upstreams"] == ["lower"]
    assert deployed.document["started"].endswith("Z")
    assert set(files.cases.values()) == {"passed"}
    assert {f"create {GROUP} group", f"create {IDENTITY} identity", "deploy lower"} <= set(files.cases)
    for text in (*files.texts, deployed.stdout):
        assert "identity" in text
        assert "rg-small" not in text
        assert "westeurope" not in text
    destroyed = platform.run("destroy --yes --json", *files.flags)
    found = stacks(destroyed)
    assert [step["operation"] for stack in found.values() for step in stack["steps"]] == ["delete", "delete"]
    assert found["upper"]["ended"] <= found["lower"]["began"]
    assert files.cases[f"delete {GROUP} group"] == "passed"


def test_a_failure_names_its_resource_in_every_form(platform: PlatformCopy, files: Files) -> None:
    refusal = {"code": "InvalidParameter", "message": "The <planted> value is no good."}
    write_faults(platform.state, {"operation": "create", "type": GROUP, "error": refusal})
    failed = platform.run("deploy --yes --json", *files.flags)
    found = stacks(failed)
    assert failed.results == {"lower": "failed", "upper": "skipped"}
    (step,) = found["lower"]["steps"]
    assert (step["result"], step["name"]) == ("failed", "group")
    assert "The <planted> value is no good." in step["error"]
    assert "stacks/lower/program.py:9: " in step["error"]
    assert found["upper"]["cause"] == "lower"
    assert files.cases == {
        "deploy lower": "failure",
        f"create {GROUP} group": "failure",
        "deploy upper": "skipped",
    }
    page, junit, summary = files.texts
    assert "The &lt;planted&gt; value is no good." in page
    assert "The &lt;planted&gt; value is no good." in junit
    assert "The &#60;planted&#62; value is no good." in summary


def test_a_run_that_does_not_begin_says_why_and_touches_nothing(platform: PlatformCopy, files: Files) -> None:
    refused = platform.run("deploy --yes --json --stacks nothing", *files.flags)
    assert refused.code == 2
    assert stacks(refused) == {}
    assert "there is no stack 'nothing'" in refused.document["error"]
    assert files.cases == {"deploy": "error"}
    assert "there is no stack" in files.texts[0]
    nowhere = platform.run("deploy --yes --json", "--html", str(files.html / "nowhere" / "x.html"))
    assert (nowhere.code, stacks(nowhere)) == (2, {})
    assert nowhere.document["error"].startswith("--html: the folder ")
    assert "running" not in nowhere.stderr


def on_a_terminal(platform: PlatformCopy, command: str, *, rows: int, columns: int) -> tuple[str, dict[str, Any]]:
    """Run a command whose standard error is a terminal. Return what was shown there, and the JSON of the run."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    unset = {"NO_COLOR", "TTY_INTERACTIVE", "COLUMNS", "LINES"}
    process = subprocess.Popen(
        [sys.executable, "-m", "invoke", command, "--env", "sandbox", "--json", "--state", str(platform.state)],
        cwd=platform.root,
        env={name: value for name, value in os.environ.items() if name not in unset}
        | {"PYTHONPATH": str(platform.root), "TERM": "xterm-256color"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the end of a terminal whose other side is closed
        while part := os.read(ours, 1 << 16):
            shown += part
    os.close(ours)
    stdout, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return shown.decode(), json.loads(stdout)


def test_a_terminal_shows_every_stack_while_it_goes_on_and_is_clean_afterwards(platform: PlatformCopy) -> None:
    shown, document = on_a_terminal(platform, "preview", rows=24, columns=100)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert document["result"] == "succeeded"
    for said in ("preview of sandbox: 0 of 2 stacks", "● lower", "○ upper", "for lower", "preview of sandbox: 2 of 2"):
        assert said in plain
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 1  # the cursor is hidden, and shown again
    assert shown.rstrip().endswith("\x1b[2K")  # the last thing that is done is to take the table away


def test_a_run_that_is_stopped_says_what_had_not_ended(platform: PlatformCopy, files: Files) -> None:
    write_faults(platform.state, latency={"scale": 1.0, "seconds": {GROUP: {"create": 6.0}}})
    flags = ("--env", "sandbox", "--yes", "--json", "--state", str(platform.state), *files.flags)
    process = subprocess.Popen(
        [sys.executable, "-m", "invoke", "deploy", *flags],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    heard = ""
    for line in process.stderr:
        heard += line
        if line == "deploy of sandbox:\n":
            break
    for line in process.stderr:
        heard += line
        if line == "lower: running\n":
            process.send_signal(signal.SIGINT)
            break
    stdout, stderr = process.communicate(timeout=120)
    stopped = Answer(code=process.returncode, stdout=stdout, stderr=heard + stderr)
    assert stopped.code == 8, stopped.stderr
    assert stacks(stopped)
    assert stopped.document["result"] == "cancelled"
    assert files.cases["deploy upper"] == "skipped"
    assert "■ cancelled" in files.html.read_text(encoding="utf-8")
