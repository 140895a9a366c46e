"""The tasks of this repository: `./inv --list`, or `invoke --list` in an activated environment.

Each hands its flags to one function of shared/commands. Nothing heavy is imported before it is needed.
"""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.main import program
from invoke.tasks import Task

if TYPE_CHECKING:
    from shared.commands.arguments import Options


@dataclasses.dataclass(frozen=True)
class Flag:
    """A flag of tasks. default: its kind is the flag's; the empty parameter's for a word without a flag before it.

    option: its name among shared.commands.arguments.Options, where that is another one.
    """

    help: str
    default: str | bool | type[inspect.Parameter.empty] | None = ""
    option: str = ""


_FLAGS: Mapping[str, Flag] = {
    "accept": Flag("take over into the state what the clouds have", default=False),
    "action": Flag("set", default=inspect.Parameter.empty),
    "all": Flag("also the stacks that nothing has changed for", default=False),
    "confirm": Flag("names of resources that may be replaced or deleted with what they hold, separated by commas"),
    "diff": Flag("show every property that would change", default=False),
    "env": Flag("environment: a file in environments/, without its ending"),
    "fix": Flag("apply the programs again, so that the clouds are as they say", default=False),
    "format": Flag("text, mermaid, dot or json", default="text"),
    "full": Flag("also what takes long: slow clouds, and the graphs of 10, 30 and 100 stacks", default=False),
    "html": Flag("file to write the report to, as a page for a browser"),
    "id": Flag("the resource's id", option="resource_id"),
    "json": Flag("print one JSON document on standard output", default=False),
    "junit": Flag("file to write the report to, as JUnit XML for a CI system"),
    "keep": Flag("new folder that state and inventory are left in"),
    "key": Flag("name of the secret", default=inspect.Parameter.empty),
    "name": Flag("its name", option="resource_name"),
    "only": Flag("only these checks, separated by commas"),
    "parallel": Flag("how many stacks may run side by side"),
    "plan": Flag("plan set to deploy, as preview --save wrote it"),
    "repeat": Flag("how many times everything is measured (default 3)"),
    "save": Flag("file to save the previews in, as a plan set"),
    "set": Flag("PATH=JSON: the property to change, and its value", option="assignment"),
    "since": Flag("commit, branch or tag that the work tree is compared with"),
    "slow": Flag("the long suites instead of the fast tests", default=False),
    "stack": Flag("the stack whose program reads the secret"),
    "stacks": Flag("only these stacks, separated by commas", default=None),
    "state": Flag("folder in which the sandbox keeps its things (default .sandbox)"),
    "time_limit": Flag("seconds that one resource may take before its stack is stopped (default 9000)"),
    "type": Flag("its type token, or a glob", option="resource_type"),
    "verbose": Flag("show what the engine prints, and tracebacks", default=False),
    "wait": Flag("how many seconds to wait for whoever works on the environment (default 90)"),
    "yes": Flag("do not ask", default=False),
}


class Command(Task[Any]):
    """A task with flags of the table above. -h always asks for its help, whatever flags it has."""

    def __init__(self, body: Callable[..., None], flags: Mapping[str, Flag]) -> None:
        self._flags = flags
        super().__init__(body, help={name: flag.help for name, flag in flags.items()})

    def argspec(self, body: Callable[..., None]) -> inspect.Signature:  # noqa: ARG002  Invoke's name
        """Return the flags as Invoke expects them: as parameters."""
        kind = inspect.Parameter.KEYWORD_ONLY
        return inspect.Signature([inspect.Parameter(n, kind, default=f.default) for n, f in self._flags.items()])

    def arg_opts(self, name: str, default: Any, taken_names: set[str]) -> dict[str, Any]:
        """Return how Invoke is to take a flag."""
        return super().arg_opts(name, default, {*taken_names, "h"})


def command(names: str, *, name: str = "", workers: bool = False, **helps: str) -> Callable[..., Command]:
    """Return what makes a task of a function of Options that returns an exit code.

    names: of its flags. name: the task's, where it is not the function's. workers: whether it works on stacks.
    helps: what flags mean for this task, where that is something else.
    """
    flags = {flag: _FLAGS[flag] for flag in names.split()}
    flags |= {flag: dataclasses.replace(_FLAGS[flag], help=text) for flag, text in helps.items()}

    def decorate(function: "Callable[[Options], int]") -> Command:
        called = name or function.__name__

        @wraps(function)
        def body(_: Context, **said: Any) -> None:
            if {"-h", "--help"} & {str(value) for value in said.values()}:  # taken for a word without a flag
                program.run(["invoke", "--help", called], exit=False)
                return
            if workers and said["env"]:
                # The process that stacks are worked on from imports the SDKs while this one imports its own code.
                from shared.orchestration.forkserver import warm_up

                warm_up()
            from shared.commands.answer import answer
            from shared.commands.arguments import Options

            options = Options(**{flags[flag].option or flag: value for flag, value in said.items()})
            code = answer(called, lambda: function(options), options)
            if code:
                raise Exit(code=code)

        body.__name__ = called
        return Command(body, flags)

    return decorate


@command("env stacks state parallel all diff save html junit json verbose", workers=True)
def preview(options: "Options") -> int:
    """Show what deploying an environment would change."""
    from shared.commands.preview import preview

    return preview(options)


@command(
    "env plan stacks state parallel all wait html junit json yes confirm time_limit verbose",
    workers=True,
)
def deploy(options: "Options") -> int:
    """Deploy an environment's stacks in dependency order, exactly as previewed."""
    from shared.commands.deploy import deploy

    return deploy(options)


@command("env stacks state parallel wait html junit json yes time_limit verbose", workers=True)
def destroy(options: "Options") -> int:
    """Destroy an environment's stacks against dependency order."""
    from shared.commands.destroy import destroy

    return destroy(options)


@command("env state json verbose")
def status(options: "Options") -> int:
    """Show an environment's last run, who works on it, and what is stale or half done."""
    from shared.commands.status import status

    return status(options)


@command("env state json verbose")
def unlock(options: "Options") -> int:
    """End the lock of a run that died; refuses while its owner lives."""
    from shared.commands.unlock import unlock_environment

    return unlock_environment(options)


@command("env state parallel wait html junit json yes confirm time_limit verbose", workers=True)
def resume(options: "Options") -> int:
    """Go on with the last run of an environment that did not end well."""
    from shared.commands.resume import resume

    return resume(options)


@command(
    "env stacks state parallel fix accept diff wait time_limit html junit json yes confirm verbose",
    workers=True,
)
def drift(options: "Options") -> int:
    """Show what differs between an environment's state and its clouds."""
    from shared.commands.drift import drift

    return drift(options)


@command("env keep parallel json verbose", workers=True)
def rehearse(options: "Options") -> int:
    """Deploy and destroy an environment's configuration on a throw-away sandbox."""
    from shared.commands.rehearse import rehearse

    return rehearse(options)


@command("env parallel json verbose", workers=True)
def policy(options: "Options") -> int:
    """Judge what an environment deploys: Checkov's rules and our own."""
    from shared.commands.policy import policy

    return policy(options)


@command("env stacks state json verbose")
def outputs(options: "Options") -> int:
    """Show what an environment's stacks publish."""
    from shared.commands.show_outputs import show_outputs

    return show_outputs(options)


@command("format json verbose")
def graph(options: "Options") -> int:
    """Show which stack reads from which."""
    from shared.commands.show_graph import show_graph

    return show_graph(options)


@command("since env json verbose")
def affected(options: "Options") -> int:
    """Show which stacks a change touches, and why."""
    from shared.commands.affected import affected

    return affected(options)


@command("env json verbose")
def doctor(options: "Options") -> int:
    """Show what is installed and reachable, and how to fix the rest."""
    from shared.commands.doctor import doctor

    return doctor(options)


@command("only json verbose")
def check(options: "Options") -> int:
    """Check format, lint, types, locks and generated files."""
    from shared.commands.check import check

    return check(options)


@command("slow verbose", name="test")
def run_tests(options: "Options") -> int:  # pytest would take a function named test for one
    """Run the tests."""
    from shared.commands.test import test

    return test(options)


@command(
    "only repeat full json verbose",
    only="some of list, affected, preview, deploy, latency, graphs",
)
def bench(options: "Options") -> int:
    """Measure the budgets of this repository, each against a baseline in the same run."""
    from shared.commands.bench import bench

    return bench(options)


@command("action key stack env state wait verbose")
def secret(options: "Options") -> int:
    """Store a secret of a stack (secret set KEY); its value comes from standard input."""
    from shared.commands.set_secret import secret

    return secret(options)


@command("action env id type name set state json verbose", action="list, show, change, delete or faults")
def sandbox(options: "Options") -> int:
    """Look at what the sandbox's clouds hold, or change it behind Pulumi's back (sandbox change)."""
    from shared.commands.sandbox import sandbox

    return sandbox(options)
