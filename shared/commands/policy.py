"""Judge what an environment's configuration deploys, without a cloud."""

import json
import sys
import tempfile
from pathlib import Path

from shared.commands.arguments import Options
from shared.commands.ready import Ready, say
from shared.commands.running import run
from shared.engine import find_engine
from shared.engine.this_machine import ThisMachine
from shared.exit_codes import ExitCode
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from shared.orchestration.session import Session
from shared.orchestration.workers import Workers, default_parallelism
from shared.policy.checkov_environment import checkov_python
from shared.policy.checkpoint import resources_of_checkpoint
from shared.policy.document import document_of
from shared.policy.errors import RehearsalFailedError
from shared.policy.gate import judge
from shared.policy.resource import Resource
from shared.policy.tables import tables_of
from shared.rehearsal import rehearsal_session, rehearsed
from shared.reporting.terminal import console


def policy(options: Options) -> int:
    """Deploy the environment to a throw-away sandbox, judge its resources, and print what was found.

    Returns 5 where a rule is broken. Raises PolicyError, and what shared.commands.failures lists.
    """
    environment = options.environment()
    parallel = options.workers(default_parallelism)
    python = checkov_python(ThisMachine(), say, options.root / "requirements" / "checkov.txt")
    with tempfile.TemporaryDirectory(prefix="ml-platform-policy-", ignore_cleanup_errors=True) as name:
        # Resolved: positions in a state are relative to the path that the engine sees.
        folder = Path(name).resolve()
        with rehearsal_session(rehearsed(environment), options.root, folder) as session:
            resources = _deployed(session, options, parallel)
    judgement = judge(resources, tier=environment.tier, python=python)
    if options.json:
        sys.stdout.write(json.dumps(document_of(judgement, environment.name), indent=2, sort_keys=True) + "\n")
    else:
        for part in tables_of(judgement, environment.name):
            console(sys.stdout).print(part)
    return ExitCode.POLICY if judgement.findings else ExitCode.SUCCESS


def _deployed(session: Session, options: Options, parallel: int) -> tuple[Resource, ...]:
    stacks = discover(session.root)
    graph = graph_of(stacks)
    workers = Workers()
    workers.warm_up()
    prepared = Ready(
        environment=session.environment,
        stacks=stacks,
        graph=graph,
        selected=graph.order,
        parallel=parallel,
        session=session,
        engine=find_engine(say),
        workers=workers,
        deployed=frozenset(),
    )
    session.prepare(stacks)
    report = run(prepared, "up", verbose=options.verbose).report
    if report.exit_code:
        failed = {stack.name: stack.reason for stack in report.stacks if stack.result not in ("succeeded", "unchanged")}
        raise RehearsalFailedError(environment=session.environment.name, stacks=failed, exit_code=report.exit_code)
    return tuple(resource for stack in graph.order for resource in _of_stack(session, stack, options.root))


def _of_stack(session: Session, stack: str, root: Path) -> tuple[Resource, ...]:
    state = session.work.parent / "state" / ".pulumi" / "stacks" / stack / f"{session.environment.name}.json"
    return resources_of_checkpoint(state, stack=stack, work=session.work / stack, roots=(root, session.root))
