"""What is said of one change, what plain previews say of it, and what it does: run by `Chain` in a copy's folder.

All of them in one process, so that the SDKs are imported once.
"""

import json
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from invoke.main import program

from shared.commands.arguments import Options
from shared.commands.ready import Ready, ready
from shared.orchestration.job import StackJob, StackOutcome
from shared.orchestration.speculation import Backends
from shared.reporting.build import report_of

ENVIRONMENT = "sandbox"


def command(*arguments: str, state: str) -> dict[str, Any]:
    """Run `invoke ARGUMENTS` on the sandbox in `state`, and return its document and what it said besides."""
    printed, said = StringIO(), StringIO()
    flags = ("--env", ENVIRONMENT, "--state", state, "--json")
    with redirect_stdout(printed), redirect_stderr(said):
        program.run(["invoke", *arguments, *flags], exit=False)
    return {"document": json.loads(printed.getvalue()), "said": said.getvalue()}


def plain_previews(state: str) -> dict[str, Any]:
    """Preview each stack as Pulumi does it alone: from copies of all states as they are deployed."""
    with redirect_stderr(StringIO()), ready(Options(env=ENVIRONMENT, state=state)) as prepared:
        prepared.session.work.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=prepared.session.work) as folder:
            for stack in prepared.graph.order:
                prepared.workers.start(_job(prepared, stack, Path(folder) / stack, Path(state)))
            outcomes = tuple(_outcomes(prepared))
    return report_of("plain", ENVIRONMENT, outcomes, 0.0).model_dump(mode="json")


def _job(prepared: Ready, stack: str, copy: Path, state: Path) -> StackJob:
    (copy / ".pulumi").mkdir(parents=True)
    (copy / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
    stored = state / "state" / ".pulumi" / "stacks"
    if stored.exists():
        shutil.copytree(stored, copy / ".pulumi" / "stacks")
    definition = next(one for one in prepared.stacks if one.name == stack)
    return StackJob(
        stack=stack,
        environment=ENVIRONMENT,
        operation="preview",
        root=prepared.session.root,
        main=definition.main,
        engine=prepared.engine.path,
        engine_version=prepared.engine.version,
        work_dir=prepared.session.work_dir(definition),
        variables=prepared.session.variables,
        secrets_provider=prepared.session.secrets_provider,
        generated_secrets=prepared.session.invented_secrets(definition),
        verbose=False,
        made=(stored / stack).exists(),
        backends=Backends(known=copy, unknown=None, hidden=()),
    )


def _outcomes(prepared: Ready) -> list[StackOutcome]:
    found: dict[str, StackOutcome] = {}
    while len(found) < len(prepared.graph.order):
        for message in prepared.workers.messages(1.0):
            if isinstance(message, StackOutcome):
                found[message.stack] = message
    return [found[stack] for stack in prepared.graph.order]


def main() -> None:
    """Answer requests, each one line of standard input: the folder of the sandbox's state, a tab, what may be lost.

    Prints one JSON document per line: {"preview", "plain", "deploy", "after"}; what was not reached is null. `plain`
    has the outcome of each stack previewed alone, against what is deployed.
    """
    for line in sys.stdin:
        state, _, confirmed = line.rstrip("\n").partition("\t")
        sys.stdout.write(json.dumps(_told(state, confirmed)) + "\n")
        sys.stdout.flush()


def _told(state: str, confirmed: str) -> dict[str, Any]:
    told: dict[str, Any] = dict.fromkeys(("preview", "plain", "deploy", "after"))
    told["preview"] = command("preview", state=state)
    told["plain"] = plain_previews(state)
    if not told["preview"]["document"]["exit_code"]:
        confirming = ("--confirm", confirmed) if confirmed else ()
        told["deploy"] = command("deploy", "--yes", *confirming, state=state)
        told["after"] = command("preview", "--all", state=state)
    return told
