"""The files that reports are written to: refused before the run, written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from shared.commands import report_files
from shared.commands.answer import answer
from shared.commands.arguments import Options, UsageError
from shared.commands.report_files import published, refuse_bad_files
from shared.commands.showing import shown
from shared.exit_codes import ExitCode
from shared.reporting.model import RunReport
from tests.unit.reporting.sample_reports import FAILED_RUN, report, stack

FINE = report(stack("identity"))


@pytest.mark.parametrize(
    ("flag", "name", "problem"),
    [
        ("html", ".", "is a folder; name a file"),
        ("junit", "nowhere/report.xml", "is not there; make it first"),
        ("html", "/dev/null", "/dev/null is no plain file; name another one"),
        ("junit", "/proc/report.xml", "nothing can be written to /proc"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_run(
    tmp_path: Path, flag: str, name: str, problem: str
) -> None:
    file = str(tmp_path / name)
    options = Options(html=file) if flag == "html" else Options(junit=file)
    with pytest.raises(UsageError, match=problem) as error:
        refuse_bad_files(options)
    assert error.value.flag == f"--{flag}"


def test_two_reports_need_two_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names the same file as --html"):
        refuse_bad_files(Options(html=str(tmp_path / "x"), junit=str(tmp_path / "." / "x")))
    refuse_bad_files(Options(html=str(tmp_path / "x"), junit=str(tmp_path / "y")))
    assert list(tmp_path.iterdir()) == []


def test_reports_are_written_for_everybody_to_read(tmp_path: Path) -> None:
    options = Options(html=str(tmp_path / "a.html"), junit=str(tmp_path / "a.xml"))
    assert published(options, FAILED_RUN) == FAILED_RUN
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "<testsuites" in (tmp_path / "a.xml").read_text(encoding="utf-8")
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o644}
    assert len(list(tmp_path.iterdir())) == 2


def full(*_: object, **__: object) -> None:
    raise OSError(28, os.strerror(28))


def test_where_writing_fails_the_old_file_stays_and_the_run_is_told_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.xml"
    file.write_text("before", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", full)
    assert shown(Options(junit=str(file), json=True), FINE) == ExitCode.ERROR
    said = capsys.readouterr()
    found = RunReport.model_validate_json(said.out)
    assert (found.result, found.exit_code) == ("failed", 1)
    assert found.error == f"--junit: {file} could not be written (No space left on device)"
    assert said.err == f"{found.error}\n"
    assert file.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]
    assert shown(Options(junit=str(file), json=True), FAILED_RUN) == FAILED_RUN.exit_code


def refuse() -> int:
    raise UsageError(flag="--stacks", problem="names no stack", fix="leave it out")


def test_a_run_that_does_not_begin_is_reported_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.xml"
    assert answer("deploy", refuse, Options(env="prod", junit=str(file), json=True)) == ExitCode.CONFIGURATION
    assert "--stacks: names no stack; leave it out" in file.read_text(encoding="utf-8")
    assert RunReport.model_validate_json(capsys.readouterr().out).error == "--stacks: names no stack; leave it out"


def test_a_file_that_was_refused_is_not_written_after_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = Options(env="prod", html=str(tmp_path), junit=str(tmp_path / "a.xml"))

    def begin() -> int:
        refuse_bad_files(options)
        return 0

    assert answer("deploy", begin, options) == ExitCode.CONFIGURATION
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err.count("\n") == 1


def test_what_nobody_expected_is_named_and_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise KeyError("planted-value")

    assert answer("deploy", fail, Options(json=True)) == ExitCode.INTERNAL
    found = RunReport.model_validate_json(capsys.readouterr().out)
    assert found.error == "an unexpected KeyError: see standard error"


def test_the_summary_of_a_step_on_github_gets_the_reports_of_runs_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    published(Options(), FINE)
    published(Options(), FAILED_RUN)
    assert file.read_text(encoding="utf-8").count("### deploy of prod") == 2
    answer("check", refuse, Options())
    assert file.read_text(encoding="utf-8").count("### ") == 2
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    capsys.readouterr()
    assert published(Options(), FINE) == FINE
    assert "the summary of this step could not be written" in capsys.readouterr().err


def test_runs_are_the_commands_that_report(tmp_path: Path) -> None:
    assert {"preview", "deploy", "destroy"} <= report_files.RUNS
