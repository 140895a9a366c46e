"""The files that a run's report is written to: those of --html and --junit, and the summary of a step on GitHub."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from shared.commands.arguments import Options, UsageError, from_here
from shared.exit_codes import ExitCode
from shared.reporting.model import RunReport

RUNS = frozenset({"preview", "deploy", "destroy", "resume", "drift"})
"""The commands whose reports are for everybody."""
_SUMMARY = "GITHUB_STEP_SUMMARY"
_READABLE = 0o644


def refuse_bad_files(options: Options) -> None:
    """Raise UsageError where a report could not be written: before a run whose report would be lost."""
    files = _files(options)
    for flag, file in files.items():
        if problem := _problem(file):
            raise UsageError(flag=flag, problem=problem[0], fix=problem[1])
    if len({file.resolve() for file in files.values()}) < len(files):
        raise UsageError(flag="--junit", problem="names the same file as --html", fix="name two files")


def published(options: Options, report: RunReport) -> RunReport:
    """Write a report to every file that was asked for, each of them whole or not at all.

    Returns it; as failed, with the reason, where a file could not be written.
    """
    problems = [problem for flag, file in _files(options).items() if (problem := _written(flag, file, report))]
    _summarize(report)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if not problems:
        return report
    code = report.exit_code or int(ExitCode.ERROR)
    said = "; ".join(filter(None, [report.error, *problems]))
    return report.model_copy(update={"result": "failed", "exit_code": code, "error": said})


def _files(options: Options) -> Mapping[str, Path]:
    named = {"--html": options.html, "--junit": options.junit}
    return {flag: from_here(name) for flag, name in named.items() if name}


def _problem(file: Path) -> tuple[str, str] | None:
    """Return why nothing can be written there, and what to do; None where it can."""
    if file.is_dir():
        return f"{file} is a folder", "name a file"
    if file.exists() and not file.is_file():
        return f"{file} is no plain file", "name another one"
    if not file.parent.is_dir():
        return f"the folder {file.parent} is not there", "make it first"
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            return None
    except OSError as error:
        return f"nothing can be written to {file.parent} ({error.strerror})", "name a file in another folder"


def _written(flag: str, file: Path, report: RunReport) -> str:
    """Write a report; return why that could not be done, empty where it was."""
    try:
        _write_whole(file, _renderer(flag)(report))
    except OSError as error:
        return f"{flag}: {file} could not be written ({error.strerror})"
    return ""


def _renderer(flag: str) -> Callable[[RunReport], str]:
    if flag == "--html":
        from shared.reporting.page.render import html_page

        return html_page
    from shared.reporting.junit import junit

    return junit


def _write_whole(file: Path, text: str) -> None:
    # Renamed into place: nobody reads half of it, and what was there before stays where this fails.
    with tempfile.NamedTemporaryFile("wb", dir=file.parent, prefix=f".{file.name}.", delete=False) as part:
        try:
            part.write(text.encode("utf-8", "replace"))
            part.flush()
            Path(part.name).chmod(_READABLE)
            Path(part.name).replace(file)
        except OSError:
            with suppress(OSError):
                Path(part.name).unlink()
            raise


def _summarize(report: RunReport) -> None:
    """Add the report to the summary of this step, where GitHub runs it ("Workflow commands for GitHub Actions")."""
    name = os.environ.get(_SUMMARY)
    if not name or report.command not in RUNS:
        return
    from shared.reporting.markdown import markdown

    try:
        with Path(name).open("a", encoding="utf-8", errors="replace") as file:
            file.write(markdown(report))
    except OSError as error:
        sys.stderr.write(f"the summary of this step could not be written ({error.strerror})\n")
