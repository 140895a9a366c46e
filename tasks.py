"""The tasks of this repository: `./inv --list`, or `invoke --list` in an activated environment.

Each task hands its flags to one function of shared/commands. Nothing heavy is imported before it is needed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task, task

if TYPE_CHECKING:
    from shared.commands.arguments import Options

_HELP = {
    "env": "environment: a file in environments/, without its ending",
    "stacks": "only these stacks, separated by commas",
    "state": "folder in which the sandbox keeps its things (default .sandbox)",
    "parallel": "how many stacks may run side by side",
    "json": "print one JSON document on standard output",
    "yes": "do not ask",
    "verbose": "show what the engine prints, and tracebacks",
    "format": "text, mermaid, dot or json",
    "slow": "the long suites instead of the fast tests",
    "only": "only these checks, separated by commas",
    "repeat": "how many times everything is measured (default 3)",
    "full": "also what takes long: slow clouds, and the graphs of 10, 30 and 100 stacks",
    "stack": "the stack whose program reads the secret",
    "confirm": "names of resources that may be replaced or deleted with what they hold, separated by commas",
    "all": "also the stacks that nothing has changed for",
    "html": "file to write the report to, as a page for a browser",
    "junit": "file to write the report to, as JUnit XML for a CI system",
    "diff": "show every property that would change",
    "save": "file to save the previews in, as a plan set",
    "plan": "plan set to deploy, as preview --save wrote it",
    "keep": "new folder that state and inventory are left in",
    "action": "set",
    "key": "name of the secret",
    "wait": "how many seconds to wait for whoever works on the environment (default 90)",
    "fix": "apply the programs again, so that the clouds are as they say",
    "accept": "take over into the state what the clouds have",
    "time_limit": "seconds that one resource may take before its stack is stopped (default 9000)",
    "since": "commit, branch or tag that the work tree is compared with",
}


class _TaskWithHelp(Task[Any]):
    """A task whose -h is that of its help, whatever flags it has: Invoke gives it to the first one with an h."""

    def arg_opts(self, name: str, default: Any, taken_names: set[str]) -> dict[str, Any]:
        return super().arg_opts(name, default, {*taken_names, "h"})


def _flags(*names: str) -> dict[str, str]:
    return {name: _HELP[name] for name in names}


def _warm_workers(env: str) -> None:
    """Let the process that stacks are worked on from import the SDKs, while this one imports its own code."""
    if env:
        from shared.orchestration.forkserver import warm_up

        warm_up()


def _finish(command: str, function: "Callable[[Options], int]", **flags: Any) -> None:
    from shared.commands.answer import answer
    from shared.commands.arguments import Options

    options = Options(**flags)
    code = answer(command, lambda: function(options), options)
    if code:
        raise Exit(code=code)


@task(
    klass=_TaskWithHelp,
    help=_flags("env", "stacks", "state", "parallel", "all", "diff", "save", "html", "junit", "json", "verbose"),
)
def preview(
    _: Context,
    *,
    env: str = "",
    stacks: str | None = None,
    state: str = "",
    parallel: str = "",
    all: bool = False,
    diff: bool = False,
    save: str = "",
    html: str = "",
    junit: str = "",
    json: bool = False,
    verbose: bool = False,
) -> None:
    """Show what deploying an environment would change."""
    _warm_workers(env)
    from shared.commands.preview import preview as run

    flags: dict[str, Any] = {"env": env, "stacks": stacks, "state": state, "parallel": parallel}
    flags |= {"html": html, "junit": junit}
    _finish("preview", run, **flags, all=all, diff=diff, save=save, json=json, verbose=verbose)


@task(
    klass=_TaskWithHelp,
    help=_flags(
        "env",
        "plan",
        "stacks",
        "state",
        "parallel",
        "all",
        "wait",
        "time_limit",
        "html",
        "junit",
        "json",
        "yes",
        "confirm",
        "verbose",
    ),
)
def deploy(
    _: Context,
    *,
    env: str = "",
    plan: str = "",
    stacks: str | None = None,
    state: str = "",
    parallel: str = "",
    all: bool = False,
    wait: str = "",
    html: str = "",
    junit: str = "",
    json: bool = False,
    yes: bool = False,
    confirm: str = "",
    time_limit: str = "",
    verbose: bool = False,
) -> None:
    """Deploy an environment's stacks in dependency order, exactly as previewed."""
    _warm_workers(env)
    from shared.commands.deploy import deploy as run

    flags: dict[str, Any] = {"env": env, "plan": plan, "stacks": stacks, "state": state, "parallel": parallel}
    flags |= {"wait": wait, "time_limit": time_limit}
    flags |= {"html": html, "junit": junit}
    _finish("deploy", run, **flags, all=all, json=json, yes=yes, confirm=confirm, verbose=verbose)


@task(
    klass=_TaskWithHelp,
    help=_flags("env", "stacks", "state", "parallel", "wait", "time_limit", "html", "junit", "json", "yes", "verbose"),
)
def destroy(
    _: Context,
    *,
    env: str = "",
    stacks: str | None = None,
    state: str = "",
    parallel: str = "",
    wait: str = "",
    html: str = "",
    junit: str = "",
    json: bool = False,
    yes: bool = False,
    time_limit: str = "",
    verbose: bool = False,
) -> None:
    """Destroy an environment's stacks against dependency order."""
    _warm_workers(env)
    from shared.commands.destroy import destroy as run

    flags: dict[str, Any] = {"env": env, "stacks": stacks, "state": state, "parallel": parallel}
    flags |= {"wait": wait, "time_limit": time_limit}
    flags |= {"html": html, "junit": junit}
    _finish("destroy", run, **flags, json=json, yes=yes, verbose=verbose)


@task(help=_flags("env", "state", "json", "verbose"))
def status(_: Context, *, env: str = "", state: str = "", json: bool = False, verbose: bool = False) -> None:
    """Show an environment's last run, who works on it, and what is stale or half done."""
    from shared.commands.status import status as run

    _finish("status", run, env=env, state=state, json=json, verbose=verbose)


@task(help=_flags("env", "state", "json", "verbose"))
def unlock(_: Context, *, env: str = "", state: str = "", json: bool = False, verbose: bool = False) -> None:
    """End the lock of a run that died; refuses while its owner lives."""
    from shared.commands.unlock import unlock_environment as run

    _finish("unlock", run, env=env, state=state, json=json, verbose=verbose)


@task(
    klass=_TaskWithHelp,
    help=_flags("env", "state", "parallel", "wait", "time_limit", "html", "junit", "json", "yes", "confirm", "verbose"),
)
def resume(
    _: Context,
    *,
    env: str = "",
    state: str = "",
    parallel: str = "",
    wait: str = "",
    html: str = "",
    junit: str = "",
    json: bool = False,
    yes: bool = False,
    confirm: str = "",
    time_limit: str = "",
    verbose: bool = False,
) -> None:
    """Go on with the last run of an environment that did not end well."""
    _warm_workers(env)
    from shared.commands.resume import resume as run

    flags: dict[str, Any] = {"env": env, "state": state, "parallel": parallel, "wait": wait, "time_limit": time_limit}
    flags |= {"html": html, "junit": junit}
    _finish("resume", run, **flags, json=json, yes=yes, confirm=confirm, verbose=verbose)


@task(
    klass=_TaskWithHelp,
    help=_flags(
        *(
            "env",
            "stacks",
            "state",
            "parallel",
            "fix",
            "accept",
            "diff",
            "wait",
            "time_limit",
            "html",
            "junit",
            "json",
            "yes",
            "confirm",
        ),
        "verbose",
    ),
)
def drift(
    _: Context,
    *,
    env: str = "",
    stacks: str | None = None,
    state: str = "",
    parallel: str = "",
    fix: bool = False,
    accept: bool = False,
    diff: bool = False,
    wait: str = "",
    time_limit: str = "",
    html: str = "",
    junit: str = "",
    json: bool = False,
    yes: bool = False,
    confirm: str = "",
    verbose: bool = False,
) -> None:
    """Show what differs between an environment's state and its clouds."""
    _warm_workers(env)
    from shared.commands.drift import drift as run

    flags: dict[str, Any] = {"env": env, "stacks": stacks, "state": state, "parallel": parallel, "diff": diff}
    flags |= {"fix": fix, "accept": accept, "wait": wait, "time_limit": time_limit, "html": html, "junit": junit}
    _finish("drift", run, **flags, json=json, yes=yes, confirm=confirm, verbose=verbose)


@task(help=_flags("env", "keep", "parallel", "json", "verbose"))
def rehearse(
    _: Context, *, env: str = "", keep: str = "", parallel: str = "", json: bool = False, verbose: bool = False
) -> None:
    """Deploy and destroy an environment's configuration on a throw-away sandbox."""
    _warm_workers(env)
    from shared.commands.rehearse import rehearse as run

    _finish("rehearse", run, env=env, keep=keep, parallel=parallel, json=json, verbose=verbose)


@task(help=_flags("env", "parallel", "json", "verbose"))
def policy(_: Context, *, env: str = "", parallel: str = "", json: bool = False, verbose: bool = False) -> None:
    """Judge what an environment deploys: Checkov's rules and our own."""
    _warm_workers(env)
    from shared.commands.policy import policy as run

    _finish("policy", run, env=env, parallel=parallel, json=json, verbose=verbose)


@task(help=_flags("env", "stacks", "state", "json", "verbose"))
def outputs(
    _: Context, *, env: str = "", stacks: str | None = None, state: str = "", json: bool = False, verbose: bool = False
) -> None:
    """Show what an environment's stacks publish."""
    from shared.commands.show_outputs import show_outputs as run

    _finish("outputs", run, env=env, stacks=stacks, state=state, json=json, verbose=verbose)


@task(help=_flags("format", "json", "verbose"))
def graph(_: Context, *, format: str = "text", json: bool = False, verbose: bool = False) -> None:
    """Show which stack reads from which."""
    from shared.commands.show_graph import show_graph as run

    _finish("graph", run, format=format, json=json, verbose=verbose)


@task(help=_flags("since", "env", "json", "verbose"))
def affected(_: Context, *, since: str = "", env: str = "", json: bool = False, verbose: bool = False) -> None:
    """Show which stacks a change touches, and why."""
    from shared.commands.affected import affected as run

    _finish("affected", run, since=since, env=env, json=json, verbose=verbose)


@task(help=_flags("env", "json", "verbose"))
def doctor(_: Context, *, env: str = "", json: bool = False, verbose: bool = False) -> None:
    """Show what is installed and reachable, and how to fix the rest."""
    from shared.commands.doctor import doctor as run

    _finish("doctor", run, env=env, json=json, verbose=verbose)


@task(help=_flags("only", "json", "verbose"))
def check(_: Context, *, only: str = "", json: bool = False, verbose: bool = False) -> None:
    """Check format, lint, types, locks and generated files."""
    from shared.commands.check import check as run

    _finish("check", run, only=only, json=json, verbose=verbose)


@task(name="test", help=_flags("slow", "verbose"))
def run_tests(_: Context, *, slow: bool = False, verbose: bool = False) -> None:
    """Run the tests."""
    from shared.commands.test import test as run

    _finish("test", run, slow=slow, verbose=verbose)


@task(
    help={
        **_flags("repeat", "full", "json", "verbose"),
        "only": "some of list, affected, preview, deploy, latency, graphs",
    }
)
def bench(
    _: Context, *, only: str = "", repeat: str = "", full: bool = False, json: bool = False, verbose: bool = False
) -> None:
    """Measure the budgets of this repository, each against a baseline in the same run."""
    from shared.commands.bench import bench as run

    _finish("bench", run, only=only, repeat=repeat, full=full, json=json, verbose=verbose)


@task(help=_flags("action", "key", "stack", "env", "state", "wait", "verbose"))
def secret(
    _: Context,
    action: str,
    key: str,
    *,
    stack: str = "",
    env: str = "",
    state: str = "",
    wait: str = "",
    verbose: bool = False,
) -> None:
    """Store a secret of a stack (secret set KEY); its value comes from standard input."""
    from shared.commands.set_secret import secret as run

    _finish("secret", run, action=action, key=key, stack=stack, env=env, state=state, wait=wait, verbose=verbose)


@task(
    help={
        **_flags("env", "state", "json", "verbose"),
        "action": "list, show, change, delete or faults",
        "id": "the resource's id",
        "type": "its type token, or a glob",
        "name": "its name",
        "set": "PATH=JSON: the property to change, and its value",
    }
)
def sandbox(
    _: Context,
    action: str,
    *,
    env: str = "",
    id: str = "",
    type: str = "",
    name: str = "",
    set: str = "",
    state: str = "",
    json: bool = False,
    verbose: bool = False,
) -> None:
    """Look at what the sandbox's clouds hold, or change it behind Pulumi's back (sandbox change)."""
    from shared.commands.sandbox import sandbox as run

    flags: dict[str, Any] = {"resource_id": id, "resource_type": type, "resource_name": name, "assignment": set}
    _finish("sandbox", run, action=action, env=env, **flags, state=state, json=json, verbose=verbose)
