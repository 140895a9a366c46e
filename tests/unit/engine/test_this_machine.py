"""Commands run for real."""

import os
import sys
import time
from pathlib import Path

import pytest

from shared.engine.errors import CommandError
from shared.engine.machine import Command
from shared.engine.progress import silent
from shared.engine.this_machine import ThisMachine


def python(code: str, *, limit: float = 20, folder: Path | None = None, **variables: str) -> Command:
    return Command(arguments=(sys.executable, "-c", code), limit=limit, folder=folder, variables=variables)


def run(command: Command) -> str:
    return ThisMachine().run(command, silent)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(process: int) -> None:
    deadline = time.monotonic() + 10
    while is_running(process):
        assert time.monotonic() < deadline, f"process {process} is still running"
        time.sleep(0.02)


def test_standard_output_is_returned_and_standard_error_is_not() -> None:
    assert run(python("import sys; print('out'); sys.stderr.write('err')")) == "out\n"


def test_folder_and_variables_reach_the_command(tmp_path: Path) -> None:
    printed = run(python("import os; print(os.getcwd(), os.environ['WORD'])", folder=tmp_path, WORD="there"))
    assert printed.split() == [str(tmp_path.resolve()), "there"]


def test_a_command_reads_nothing_from_our_standard_input() -> None:
    assert run(python("import sys; print(repr(sys.stdin.read()))")) == "''\n"


def test_a_failure_tells_the_code_and_the_last_words() -> None:
    with pytest.raises(CommandError, match=r"ended with code 3: b / c / d$") as caught:
        run(python("import sys; sys.stderr.write('a\\nb\\nc\\n\\nd\\n'); sys.exit(3)"))
    assert caught.value.program == Path(sys.executable).name


def test_a_failure_without_errors_tells_the_output() -> None:
    with pytest.raises(CommandError, match="ended with code 1: told on standard output"):
        run(python("print('told on standard output'); raise SystemExit(1)"))


def test_credentials_in_addresses_are_not_told() -> None:
    with pytest.raises(CommandError) as caught:
        run(python("raise SystemExit('no answer from https://me:pa55word@mirror.example/go')"))
    assert "pa55word" not in str(caught.value)
    assert "https://[redacted]@mirror.example/go" in caught.value.problem


def test_a_command_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be run: No such file"):
        run(Command(arguments=(str(tmp_path / "nothing"),), limit=1))


def test_a_file_that_is_no_program_is_a_failure(tmp_path: Path) -> None:
    half = tmp_path / "half"
    half.write_bytes(b"\x7fELF half of a program")
    half.chmod(0o755)
    with pytest.raises(CommandError, match="half: cannot be run"):
        run(Command(arguments=(str(half),), limit=1))


def test_a_command_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    noted = tmp_path / "child"
    code = (
        "import pathlib, subprocess, time; child = subprocess.Popen(['sleep', '60']); "
        f"pathlib.Path({str(noted)!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    with pytest.raises(CommandError, match="did not end within 1 s"):
        run(python(code, limit=1))
    wait_until_gone(int(noted.read_text()))


def test_a_command_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.engine.this_machine._FAREWELL_SECONDS", 0.5)
    noted = tmp_path / "process"
    code = (
        "import os, pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(noted)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    with pytest.raises(CommandError, match="did not end within 1 s"):
        run(python(code, limit=1))
    wait_until_gone(int(noted.read_text()))


def test_the_beat_is_told_the_seconds() -> None:
    beats: list[float] = []
    ThisMachine().run(python("import time; time.sleep(1.2)"), beats.append)
    assert len(beats) >= 2
    assert beats == sorted(beats)
    assert beats[-1] < 20


def test_programs_are_found_as_they_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = tmp_path / "manager"
    manager.write_text("#!/bin/sh\n")
    manager.chmod(0o755)
    (tmp_path / "pulumi").symlink_to(manager)
    monkeypatch.setenv("PATH", str(tmp_path))
    machine = ThisMachine()
    assert machine.which("pulumi") == tmp_path / "pulumi"
    assert machine.which("absent") is None
    monkeypatch.setenv("PATH", os.devnull)
    assert machine.which("pulumi") is None
    assert machine.which("pulumi", folder=tmp_path) == tmp_path / "pulumi"


def test_the_cache_is_the_users_and_not_in_the_work_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = ThisMachine().cache
    assert cache.parts[-2:] == ("ml-platform-infra", "engine")
    assert not cache.is_relative_to(Path(__file__).parents[3])
