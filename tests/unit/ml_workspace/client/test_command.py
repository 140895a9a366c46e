"""The command: facts from the outputs of an environment, one JSON object, one sentence for what cannot be read."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.absent import ABSENT
from shared.environment import load
from shared.environment.loading import REPOSITORY
from shared.naming import Names
from stacks.ml_workspace.client import __main__ as command
from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.facts import Facts, FactsError
from stacks.ml_workspace.client.report import report
from tests.unit.ml_workspace.client.answers import (
    LAST_COMPUTE,
    RULES,
    WORKSPACE,
    blob_list,
    key_values,
    problem,
)
from tests.unit.ml_workspace.client.conftest import Serve
from tests.unit.ml_workspace.client.local_service import Answer, Asked

ENDPOINT_MISSING = "ml_workspace.configuration_service_endpoint is missing"


def outputs(url: str = "https://example.invalid", **changed: Any) -> dict[str, dict[str, Any]]:
    workspace = {
        "configuration_service_endpoint": url,
        "online_endpoint_scoring_uri": f"{url}/score",
        "ml_workspace_id": WORKSPACE,
        "online_deployment_name": ABSENT,
    }
    storage = {"blob_storage_account_url": url, "container_names": {"training_data": "training-data"}}
    return {"ml_workspace": {**workspace, **changed}, "network_storage": storage}


def everything(asked: Asked) -> Answer:
    path = asked.path.partition("?")[0]
    if path == "/kv":
        return key_values(asked)
    if path == "/training-data":
        return blob_list(asked)
    if path == "/score":
        return Answer(body=json.dumps({"asked": asked.headers.get("azureml-model-deployment")}))
    return RULES if path.endswith("/outboundRules") else LAST_COMPUTE


def test_facts_are_what_the_outputs_command_prints() -> None:
    facts = Facts.parse(json.dumps(outputs("https://x", online_deployment_name="blue")), environment="prod")
    assert facts == Facts(
        configuration_endpoint="https://x",
        scoring_uri="https://x/score",
        workspace_id=WORKSPACE,
        blob_url="https://x",
        container="training-data",
        deployment="blue",
    )
    assert Facts.parse(json.dumps(outputs()), environment="prod").deployment is None


@pytest.mark.parametrize(
    ("text", "problem_"),
    [
        ("not JSON", "they are not JSON"),
        ("[]", "ml_workspace.ml_workspace_id is missing"),
        (json.dumps(outputs(configuration_service_endpoint=None)), ENDPOINT_MISSING),
        (
            json.dumps(outputs(ml_workspace_id=WORKSPACE.replace("-prod-", "-dev-"))),
            "the workspace 'mlw-mlp-dev-0a1b' is not of the environment prod",
        ),
        (
            json.dumps(outputs(ml_workspace_id=WORKSPACE.replace("-prod-", "-pre-prod-"))),
            "the workspace 'mlw-mlp-pre-prod-0a1b' is not of the environment prod",
        ),
        (json.dumps({**outputs(), "network_storage": {}}), "network_storage.blob_storage_account_url is missing"),
        (json.dumps(outputs("http://x")), "ml_workspace.configuration_service_endpoint is no https:// address"),
    ],
)
def test_outputs_without_a_fact_are_refused(text: str, problem_: str) -> None:
    with pytest.raises(FactsError, match="write them again with `invoke outputs") as caught:
        Facts.parse(text, environment="prod")
    assert caught.value.problem == problem_


def test_everything_is_read(serve: Serve, caller: Caller) -> None:
    with serve(everything) as service:
        facts = Facts.parse(json.dumps(outputs(service.url, online_deployment_name="blue")), environment="prod")
        found = report(caller, facts, label="prod", question={"data": []}, management=service.url)
    assert found.problems == ()
    assert found.read["answer"] == {"asked": "blue"}
    assert found.read["blobs"] == ["data/a & b.csv", "data/b.csv"]
    assert found.read["computes"] == [{"name": "cpu-build", "kind": "AmlCompute", "state": "Creating"}]
    assert [one["name"] for one in found.read["outbound_rules"]] == ["storage-queue"]
    configuration = found.read["configuration"]
    assert configuration["flags"] == {"drift": True, "new": False}
    assert configuration["pipeline_arn"].startswith("arn:aws:sagemaker:")


def test_what_cannot_be_read_keeps_nothing_else_from_being_read(serve: Serve, caller: Caller) -> None:
    def answer(asked: Asked) -> Answer:
        return problem(403, "Forbidden") if asked.path.startswith("/kv") else everything(asked)

    with serve(answer) as service:
        facts = Facts.parse(json.dumps(outputs(service.url)), environment="prod")
        found = report(caller, facts, label="prod", management=service.url)
    assert sorted(found.read) == ["blobs", "computes", "outbound_rules"]
    assert len(found.problems) == 1
    assert "App Configuration Data Reader" in found.problems[0]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caller: Caller) -> Any:
    """Return a function that runs the command as the stand-in identity, and gives its code, output and complaint."""
    monkeypatch.setattr(command, "credential", lambda _: caller.credential)

    def start(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["client", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = command.main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return start


def test_the_command_takes_the_outputs_from_standard_input(serve: Serve, run: Any) -> None:
    with serve(everything) as service:
        places = ("--outputs", "-", "--management", service.url)
        code, out, err = run("--env", "prod", *places, stdin=json.dumps(outputs(service.url)))
    assert (code, err) == (0, "")
    assert sorted(json.loads(out)) == ["blobs", "computes", "configuration", "outbound_rules"]


def test_a_part_that_fails_is_a_sentence_and_code_1(serve: Serve, run: Any) -> None:
    with serve(lambda _: problem(403, "Forbidden")) as service:
        places = ("--outputs", "-", "--management", service.url)
        code, out, err = run("--env", "prod", *places, stdin=json.dumps(outputs(service.url)))
    assert (code, json.loads(out)) == (1, {})
    assert len(err.splitlines()) == 4
    assert all(line.startswith("cannot read ") for line in err.splitlines())


def test_without_a_login_nothing_is_said_but_our_sentences(tmp_path: Path) -> None:
    """In a process of its own: what nobody handles, Python's logging prints on standard error."""
    given = tmp_path / "outputs.json"
    given.write_text(json.dumps(outputs("https://127.0.0.1:9")))
    quiet = {"PATH": "", "HOME": str(tmp_path), "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"}
    asked = [sys.executable, "-m", "stacks.ml_workspace.client", "--env", "prod", "--outputs", str(given)]
    said = subprocess.run(asked, cwd=REPOSITORY, env=quiet, capture_output=True, text=True, check=False, timeout=120)
    assert (said.returncode, json.loads(said.stdout)) == (1, {})
    assert len(said.stderr.splitlines()) == 4
    assert all(line.startswith("cannot read ") for line in said.stderr.splitlines())


def test_a_file_that_is_not_there_is_named(run: Any, tmp_path: Path) -> None:
    missing = tmp_path / "outputs.json"
    assert run("--env", "prod", "--outputs", str(missing)) == (
        1,
        "",
        f"{missing} cannot be read: No such file or directory\n",
    )


def test_a_question_that_is_no_json_is_named(run: Any, tmp_path: Path) -> None:
    (tmp_path / "question.json").write_text("what?")
    path = str(tmp_path / "question.json")
    code, _, err = run("--env", "prod", "--outputs", "-", "--question", path, stdin=json.dumps(outputs()))
    assert (code, err) == (1, f"{path} cannot be read: it is not JSON in UTF-8\n")


def test_outputs_of_nothing_are_refused(run: Any) -> None:
    code, out, err = run("--env", "prod", "--outputs", "-", stdin="{}")
    assert (code, out) == (1, "")
    assert err.startswith("the outputs cannot be used: ml_workspace.ml_workspace_id is missing;")


def test_outputs_of_another_environment_are_refused_before_anybody_is_asked(serve: Serve, run: Any) -> None:
    with serve(everything) as service:
        places = ("--outputs", "-", "--management", service.url)
        code, out, err = run("--env", "dev", *places, stdin=json.dumps(outputs(service.url)))
    assert (code, out, service.asked) == (1, "", [])
    assert "the workspace 'mlw-mlp-prod-0a1b' is not of the environment dev" in err


@pytest.mark.parametrize("name", ["sandbox", "dev", "staging", "prod"])
def test_the_names_of_the_platform_tell_their_environment(name: str) -> None:
    workspace = f"/workspaces/{Names(load(name)).of('ml_workspace')}"
    given = json.dumps(outputs(ml_workspace_id=workspace))
    assert Facts.parse(given, environment=name).workspace_id == workspace
