"""What `preview --save` refuses before anything is previewed."""

from pathlib import Path

import pytest

from shared.commands import preview as command
from shared.commands.answer import answer
from shared.commands.arguments import Options
from shared.commands.preview import preview


def test_a_plan_set_is_not_saved_as_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ready", lambda *_: pytest.fail("it began"))
    asked = Options(env="sandbox", save=str(tmp_path), json=True)
    assert answer("preview", lambda: preview(asked), asked) == 2
    said = capsys.readouterr()
    assert said.err == f"preview: --save: {tmp_path} is a folder; name a file\n"
    assert said.out.count('"exit_code": 2') == 1
