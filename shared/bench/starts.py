"""Budgets of commands that touch no infrastructure: they are over in the time that Python takes to start."""

import os

from shared.bench.arithmetic import itself
from shared.bench.errors import UnexpectedResultError
from shared.bench.group import Group, Probe, Reading, RowPlan
from shared.bench.place import Place
from shared.bench.report import Limit
from shared.bench.timing import Command, python, timed

_ONE_TASK = '''"""One task that does nothing."""

from invoke.tasks import task


@task
def nothing(_):
    """Do nothing."""
'''
_START = Reading(key="start", what="invoke --list with one task that does nothing")


def list_group(place: Place) -> Group:
    """Return the budget of `invoke --list`."""
    _list(place)  # once before it counts: files are read into memory
    row = RowPlan(
        name="list",
        what="invoke --list; beside it what Invoke itself needs",
        measured=Reading(key="list", what="invoke --list"),
        baseline=_START,
        figure=itself,
        limit=Limit(kind="at most", value=0.5),
        unit="s",
    )
    return Group(probes=(_start(place), Probe(name="invoke --list", run=lambda: {"list": _list(place)})), rows=(row,))


def affected_group(place: Place) -> Group:
    """Return the budget of `invoke affected` for a change that touches no infrastructure: a line of the README."""
    commit_everything(place)
    with (place.root / "README.md").open("a", encoding="utf-8") as readme:
        readme.write("\nOne more sentence.\n")
    _affected(place)
    command = "invoke affected --since HEAD"
    row = RowPlan(
        name="affected",
        what="invoke affected for a change that touches no infrastructure; beside it what Invoke itself needs",
        measured=Reading(key="affected", what=command),
        baseline=_START,
        figure=itself,
        limit=Limit(kind="at most", value=1.0),
        unit="s",
    )
    return Group(probes=(_start(place), Probe(name=command, run=lambda: {"affected": _affected(place)})), rows=(row,))


def commit_everything(place: Place) -> None:
    """Make the place's copy a git repository with one commit, whatever git is configured to do on this machine."""
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    author = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    for words in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "--quiet", "--message", "As it was")):
        timed(Command(words=("git", *words), folder=place.root, variables=alone))


def _start(place: Place) -> Probe:
    folder = place.folder / "one-task"
    folder.mkdir(exist_ok=True)
    (folder / "tasks.py").write_text(_ONE_TASK, encoding="utf-8")
    command = Command(words=python("-m", "invoke", "--list"), folder=folder, variables={})
    timed(command)
    return Probe(name=_START.what, run=lambda: {"start": timed(command).seconds})


def _list(place: Place) -> float:
    ended = place.invoke("--list")
    if "deploy" not in ended.stdout:
        raise UnexpectedResultError(what="invoke --list", found="it does not list deploy")
    return ended.seconds


def _affected(place: Place) -> float:
    what = "invoke affected for a change of the README"
    ended = place.invoke("affected", "--since", "HEAD", "--json")
    touched = [stack["name"] for stack in ended.document(what)["stacks"] if stack["affected"]]
    if touched:
        raise UnexpectedResultError(what=what, found=f"it calls {', '.join(touched)} affected")
    return ended.seconds
