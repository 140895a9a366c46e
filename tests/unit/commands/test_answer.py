"""Every failure is one sentence, an exit code and, where asked, one JSON document."""

import dataclasses
import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.commands.answer import answer
from shared.commands.arguments import Options
from shared.commands.check import check
from shared.commands.deploy import deploy
from shared.commands.destroy import destroy
from shared.commands.preview import preview
from shared.commands.set_secret import secret
from shared.commands.show_graph import show_graph
from shared.commands.show_outputs import show_outputs
from shared.commands.status import status
from shared.commands.unlock import unlock_environment
from shared.engine import Attempt, EngineNotFoundError
from shared.environment.loading import REPOSITORY
from shared.login import WrongLoginError
from shared.orchestration.errors import BackendError, NotBootstrappedError
from shared.reporting.model import RunReport
from shared.sandbox.errors import InventoryError, SandboxStartError

Command = Callable[[Options], int]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which nothing is deployed and nobody is logged in."""
    for name in ("environments", "stacks"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def break_cycle_rule(root: Path) -> None:
    program = root / "stacks" / "identity" / "program.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(
        text.replace("def program(env: Environment)", "def program(env: Environment, x: MlWorkspaceOutputs)"),
        encoding="utf-8",
    )


def fail_to_find(root: Path) -> None:
    shutil.rmtree(root / "stacks")


@pytest.mark.parametrize(
    ("function", "options", "sentence"),
    [
        (deploy, {"yes": True}, "--env: is missing; use one of dev, prod, sandbox, staging"),
        (preview, {"env": "nowhere"}, "environments/nowhere.yaml: there is no such environment"),
        (preview, {"env": "sandbox", "stacks": "identity,nothing"}, "there is no stack 'nothing'"),
        (preview, {"env": "sandbox", "parallel": "0"}, "--parallel: '0' is not a whole number"),
        (preview, {"env": "sandbox", "parallel": "many"}, "--parallel: 'many' is not a whole number"),
        (
            preview,
            {"env": "prod"},
            "environments/prod.yaml: azure.subscription_id: is null; fill it in before a real run",
        ),
        (deploy, {"env": "sandbox"}, "--yes: is missing and deploy cannot ask here"),
        (show_outputs, {"env": "sandbox", "stacks": "x"}, "there is no stack 'x'"),
        (destroy, {"env": "sandbox", "stacks": "", "yes": True}, "--stacks: names no stack; leave it out"),
        (deploy, {"env": "sandbox", "stacks": " , ", "yes": True}, "--stacks: names no stack"),
        (deploy, {"env": "nowhere"}, "environments/nowhere.yaml: there is no such environment"),
        (
            secret,
            {"env": "sandbox", "action": "set", "key": "k", "stack": "key_vault"},
            "reads no secret 'k'",
        ),
        (secret, {"env": "sandbox", "action": "set", "key": "a:b", "stack": "identity"}, "'a:b' is no name"),
        (show_graph, {"format": "picture"}, "--format: 'picture' is no format; use one of text, mermaid, dot, json"),
        (secret, {"env": "sandbox", "action": "get", "key": "k"}, "secret: does only one thing"),
        (secret, {"env": "sandbox", "action": "set", "key": "k"}, "--stack: is missing; use one of identity"),
        (check, {"only": "nothing"}, "there is no check 'nothing'"),
    ],
)
def test_what_is_wrong_with_a_flag_is_one_sentence_and_exit_code_2(
    root: Path, capsys: pytest.CaptureFixture[str], function: Command, options: dict[str, Any], sentence: str
) -> None:
    asked = dataclasses.replace(Options(root=root), **options)
    code = answer("command", lambda: function(asked), asked)
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not (root / ".sandbox").exists()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [(break_cycle_rule, "wait for each other in a circle"), (fail_to_find, "there is no stack in")],
)
def test_a_broken_graph_is_exit_code_2(
    root: Path, capsys: pytest.CaptureFixture[str], fault: Callable[[Path], None], sentence: str
) -> None:
    fault(root)
    asked = Options(root=root, env="sandbox")
    assert answer("preview", lambda: preview(asked), asked) == 2
    assert sentence in capsys.readouterr().err


def test_a_state_folder_that_cannot_be_one_is_exit_code_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "file").write_text("", encoding="utf-8")
    asked = Options(root=root, env="sandbox", state=str(root / "file" / "state"))
    assert answer("preview", lambda: preview(asked), asked) == 2
    said = capsys.readouterr().err
    assert said == f"preview: --state {root}/file/state: Not a directory; name a folder that can be written to\n"


def test_a_failure_is_a_json_document_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Options(root=root, env="nowhere", json=True)
    assert answer("preview", lambda: preview(asked), asked) == 2
    report = RunReport.model_validate_json(capsys.readouterr().out)
    assert (report.command, report.environment, report.result, report.exit_code) == ("preview", "nowhere", "failed", 2)


def test_what_nobody_expected_is_exit_code_255_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise KeyError("surprise")

    assert answer("deploy", work, Options()) == 255
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert said.splitlines()[-1].startswith("deploy: ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EngineNotFoundError(attempts=(Attempt(way="PATH", problem="3.1.0 is too old"),), fix="install one"), 2),
        (SandboxStartError(problem="the inventory has schema 9"), 2),
        (InventoryError(path="inventory.sqlite", problem="has schema 9"), 2),
        (WrongLoginError(cloud="AWS", what="account", expected="1", found="2", path="p", key="k", fix="f"), 2),
        (NotBootstrappedError(environment="prod", file="stacks/identity/Pulumi.prod.yaml"), 2),
        (BackendError(backend="s3://state", problem="no such bucket"), 1),
    ],
)
def test_each_expected_failure_has_its_code_and_no_traceback(
    capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    def work() -> int:
        raise error

    assert answer("deploy", work, Options(env="sandbox")) == code
    assert capsys.readouterr().err == f"deploy: {error}\n"


def test_ctrl_c_before_a_run_is_one_sentence_and_exit_code_8(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise KeyboardInterrupt

    assert answer("deploy", work, Options(env="sandbox", json=True)) == 8
    said = capsys.readouterr()
    assert said.err == "deploy: stopped before anything was begun\n"
    assert RunReport.model_validate_json(said.out).result == "cancelled"


def test_the_state_folder_is_relative_to_where_the_command_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INV_STARTED_IN", str(tmp_path))
    assert Options(state="mine").state_folder() == tmp_path / "mine"
    assert Options(state="/else").state_folder() == Path("/else")
    assert Options(root=Path("/repository")).state_folder() == Path("/repository/.sandbox")


def test_verbose_adds_the_traceback_of_an_expected_failure(capsys: pytest.CaptureFixture[str]) -> None:
    asked = Options(verbose=True, env="nowhere")
    assert answer("preview", lambda: preview(asked), asked) == 2
    assert "Traceback" in capsys.readouterr().err


def test_the_graph_is_json_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert show_graph(Options(json=True)) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"from": "identity", "to": "key_vault"} in document["edges"]
    assert len(document["edges"]) == 8


def fill_in_ids(root: Path) -> None:
    file = root / "environments" / "prod.yaml"
    text = file.read_text(encoding="utf-8")
    for key, value in (
        ("tenant_id", "5a4d0b0c-0000-4000-8000-00000000b001"),
        ("subscription_id", "5a4d0b0c-0000-4000-8000-00000000b002"),
        ("account_id", '"111111111111"'),
        ("organization_id", "1"),
        ("repository_id", "2"),
    ):
        text = text.replace(f"{key}: null", f"{key}: {value}")
    file.write_text(text, encoding="utf-8")


def test_without_credentials_one_sentence_names_the_login_that_is_missing_for_each_cloud(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [name for name in os.environ if name.startswith(("ARM_", "AZURE_", "AWS_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    fill_in_ids(root)
    asked = Options(root=root, env="prod")
    assert answer("deploy", lambda: deploy(asked), asked) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "Azure" in said.err
    assert "AWS" in said.err


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/state/x"), "/state/x: no space left on device; make room"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only file system; make it writable"),
        (OSError(errno.EMFILE, "Too many open files"), "too many open files; raise the limit"),
    ],
)
def test_what_the_machine_lacks_is_one_sentence(
    error: OSError, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise error

    assert answer("deploy", work, Options(json=True)) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith(f"deploy: {sentence}")
    assert "Traceback" not in printed.err
    assert json.loads(printed.out)["error"].startswith(sentence)


FULL = "standard output takes nothing more (no space left on device); print it again where it does\n"


def test_standard_output_that_takes_nothing_is_said_once_and_spoils_no_report(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    state = f"--state={tmp_path / 'state'}"
    for words in (("graph", "--json"), ("resume", "--env=sandbox", state, "--json", f"--html={page}")):
        command = [sys.executable, "-m", "invoke", *words]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(command, cwd=REPOSITORY, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.endswith(f"{words[0]}: {FULL}")
    text = page.read_text(encoding="utf-8")
    assert 'class="chip unchanged">= unchanged</span></h1>' in text


def test_who_closes_standard_input_cannot_be_asked() -> None:
    command = f"exec {sys.executable} -m invoke deploy --env sandbox <&-"
    done = subprocess.run(["sh", "-c", command], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "deploy: --yes: is missing and deploy cannot ask here; add it\n")


@pytest.mark.parametrize("function", [status, unlock_environment, show_outputs])
def test_a_state_folder_that_was_mistyped_is_said_and_not_made(
    function: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(env="sandbox", state=str(tmp_path / "mistyped"))
    assert answer("status", lambda: function(options), options) == 2
    assert "mistyped: it is not there; name the folder that the sandbox was deployed with" in capsys.readouterr().err
    assert not (tmp_path / "mistyped").exists()
