"""What `preview --save` refuses before anything is previewed."""

import json
from pathlib import Path

import pytest

from shared.commands import preview as command
from shared.commands.answer import answer
from shared.commands.arguments import Options
from shared.commands.preview import preview


@pytest.mark.parametrize(
    ("path", "problem"),
    [("", "{0} is a folder; name a file"), ("none/x.plans", "the folder {0}/none is not there; make it first")],
)
def test_a_plan_set_that_cannot_be_there_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str, problem: str
) -> None:
    monkeypatch.setattr(command, "ready", lambda *_: pytest.fail("it began"))
    asked = Options(env="sandbox", save=str(tmp_path / path), json=True)
    assert answer("preview", lambda: preview(asked), asked) == 2
    said = capsys.readouterr()
    assert said.err == f"preview: --save: {problem.format(tmp_path)}\n"
    assert json.loads(said.out)["exit_code"] == 2
