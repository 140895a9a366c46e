"""Commands are run whole, apart from whoever started the bench, and one that fails is never a number."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.bench.errors import CommandFailedError, UnexpectedResultError
from shared.bench.timing import Command, Ended, inherited, python, timed


def script(folder: Path, text: str, **more: float) -> Command:
    return Command(words=python("-c", text), folder=folder, variables={"OWN": "1"}, **more)


def test_the_time_is_that_of_the_whole_command(tmp_path: Path) -> None:
    ended = timed(script(tmp_path, "import time; time.sleep(0.3); print('done')"))
    assert ended.seconds >= 0.3
    assert ended.stdout == "done\n"


def test_what_points_to_somebodys_repository_or_state_is_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "PULUMI_BACKEND_URL", "INV_STARTED_IN", "INVOKE_TASKS_COLLECTION_NAME", "SOMETHING_ELSE"):
        monkeypatch.setenv(name, "x")
    found = timed(script(tmp_path, "import json, os; print(json.dumps(dict(os.environ)))")).document("")
    assert (found["OWN"], found["SOMETHING_ELSE"]) == ("1", "x")
    assert [name for name in found if name.startswith(("GIT_", "PULUMI_", "INV"))] == []
    assert inherited({"PATH": "p", "GIT_INDEX_FILE": "i"}) == {"PATH": "p"}


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError) as raised:
        timed(script(tmp_path, "import sys; sys.exit('first\\nthe reason')"))
    assert (raised.value.exit_code, raised.value.detail) == (1, "the reason")
    assert "ended with exit code 1: the reason" in str(raised.value)


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match="there is no such program"):
        timed(Command(words=["no-such-program-here"], folder=tmp_path, variables={}))


def test_a_command_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError) as raised:
        timed(script(tmp_path, "import time; time.sleep(60)", most_seconds=0.5))
    assert raised.value.detail == "it ran longer than 0.5 s"


def test_output_that_is_no_document_is_refused() -> None:
    with pytest.raises(UnexpectedResultError, match="a preview: its output is not JSON"):
        Ended(seconds=1.0, stdout="hello").document("a preview")


def test_a_watch_sees_the_running_process(tmp_path: Path) -> None:
    class Note:
        alive: list[bool]

        @contextmanager
        def of(self, pid: int) -> Generator[None]:
            os.kill(pid, 0)
            self.alive = [True]
            yield

    note = Note()
    timed(script(tmp_path, "print()"), note)
    assert note.alive == [True]
