"""The command's failures have their exit codes, and none a traceback."""

from collections.abc import Callable

import pytest

from shared.commands.answer import answer
from shared.commands.arguments import Options
from shared.commands.policy import policy
from shared.policy.errors import (
    CheckovFailedError,
    CheckovMissingError,
    PolicyError,
    RehearsalFailedError,
    SuppressionError,
)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (Options(), "policy: --env: is missing; use one of"),
        (Options(env="nowhere"), "policy: environments/nowhere.yaml: there is no such environment"),
        (Options(env="sandbox", parallel="many"), "policy: --parallel: 'many' is not a whole number"),
    ],
)
def test_a_wrong_flag_is_exit_code_2(options: Options, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer("policy", lambda: policy(options), options) == 2
    assert capsys.readouterr().err.startswith(sentence)


def failing(error: PolicyError) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CheckovMissingError(problem="no index"), 2),
        (CheckovFailedError(problem="it ended with code 2"), 1),
        (RehearsalFailedError(environment="prod", stacks={"identity": "broken"}, exit_code=4), 1),
        (SuppressionError(problems=("one has no reason",)), 1),
    ],
)
def test_no_answer_is_one_sentence(error: PolicyError, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer("policy", failing(error), Options(env="prod")) == code
    assert capsys.readouterr().err == f"policy: {error}\n"


def test_a_wrong_flag_is_refused_before_anything_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_up(*_: object) -> None:
        raise AssertionError("Checkov was set up")

    monkeypatch.setattr("shared.commands.policy.checkov_python", set_up)
    options = Options(env="sandbox", parallel="many")
    assert answer("policy", lambda: policy(options), options) == 2
