"""The doctor says what is there, what is missing, and how to fix it."""

import json
from pathlib import Path

import pytest

from shared.commands import doctor as module
from shared.commands.arguments import Options
from shared.commands.doctor import doctor
from shared.engine import Attempt, Engine, EngineNotFoundError
from shared.environment import Environment
from shared.login.errors import LoginMissingError, MissingLogin

ENGINE = Engine(path=Path("/opt/pulumi"), version="3.259.0", origin="cache", reason="built here before")


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_engine", lambda report, *, install: ENGINE)


def findings(capsys: pytest.CaptureFixture[str], env: str = "") -> tuple[int, dict[str, dict[str, object]]]:
    code = doctor(Options(json=True, env=env))
    return code, {one["name"]: one for one in json.loads(capsys.readouterr().out)["findings"]}


def test_a_machine_that_can_run_the_sandbox_is_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = findings(capsys)
    assert code == 0
    assert found["Pulumi engine"]["detail"] == "3.259.0 at /opt/pulumi (built here before)"
    assert found["stacks"]["good"] is True
    assert str(found["stacks"]["detail"]).startswith("identity then key_vault")
    assert found["environment sandbox"]["good"] is True


def test_ids_that_are_null_are_told_and_needed_only_for_the_named_environment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, found = findings(capsys)
    assert found["environment prod"]["good"] is False
    assert found["environment prod"]["needed"] is False
    assert "environments/prod.yaml" in str(found["environment prod"]["fix"])
    code, found = findings(capsys, env="sandbox")
    assert code == 0
    assert found["logins"]["detail"] == "the sandbox needs none"


def test_an_engine_that_is_not_there_yet_is_no_illness(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_engine(report: object, *, install: bool) -> Engine:
        assert not install
        raise EngineNotFoundError(attempts=(Attempt(way="PATH", problem="none there"),), fix="install it")

    monkeypatch.setattr(module, "find_engine", no_engine)
    code, found = findings(capsys)
    assert code == 0
    assert "none there" in str(found["Pulumi engine"]["detail"])


def test_a_missing_login_of_the_named_environment_is_an_illness(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(environment: Environment) -> None:
        raise LoginMissingError((MissingLogin(cloud="AWS", reason="nobody is there", fix="log in"),))

    monkeypatch.setattr(module, "check_logins", nobody)
    code, found = findings(capsys, env="prod")
    assert code == 1
    assert found["logins"]["good"] is False


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(Options()) == 0
    text = capsys.readouterr().out
    assert "Pulumi engine" in text
    assert "\x1b" not in text
