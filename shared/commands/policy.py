"""Judge what an environment's configuration deploys, without a cloud."""

import json
from pathlib import Path

from shared.commands.arguments import Options
from shared.commands.ready import say
from shared.commands.reviewing import deployed
from shared.commands.stage import Stage, stage
from shared.commands.standard_output import put, show
from shared.engine.this_machine import ThisMachine
from shared.environment import Environment
from shared.exit_codes import ExitCode
from shared.orchestration.session import Session
from shared.policy.checkov_environment import checkov_python
from shared.policy.checkpoint import resources_of_checkpoint
from shared.policy.document import document_of
from shared.policy.errors import RehearsalFailedError
from shared.policy.gate import judge
from shared.policy.resource import Resource
from shared.policy.tables import tables_of
from shared.rehearsal import rehearsed

_GOOD = frozenset({"succeeded", "unchanged"})


def policy(options: Options) -> int:
    """Deploy the environment to a throw-away sandbox, judge its resources, and print what was found.

    Returns 5 where a rule is broken. Raises PolicyError, and what shared.commands.failures lists.
    """
    environment = options.environment()
    with stage(options) as place:
        python = checkov_python(ThisMachine(), say, options.root / "requirements" / "checkov.txt")
        resources = _deployed(place, rehearsed(environment), options)
    judgement = judge(resources, tier=environment.tier, python=python)
    if options.json:
        put(json.dumps(document_of(judgement, environment.name), indent=2, sort_keys=True) + "\n")
    else:
        for part in tables_of(judgement, environment.name):
            show(part)
    return ExitCode.POLICY if judgement.findings else ExitCode.SUCCESS


def _deployed(place: Stage, environment: Environment, options: Options) -> tuple[Resource, ...]:
    with place.open(environment) as prepared:
        report = deployed(prepared, verbose=options.verbose).report
        if report.exit_code:
            failed = {stack.name: stack.reason for stack in report.stacks if stack.result not in _GOOD}
            raise RehearsalFailedError(environment=environment.name, stacks=failed, exit_code=report.exit_code)
        session = prepared.session
        return tuple(one for stack in prepared.graph.order for one in _of_stack(session, stack, options.root))


def _of_stack(session: Session, stack: str, root: Path) -> tuple[Resource, ...]:
    state = session.work.parent / "state" / ".pulumi" / "stacks" / stack / f"{session.environment.name}.json"
    return resources_of_checkpoint(state, stack=stack, work=session.work / stack, roots=(root, session.root))
