"""Say what is installed, reachable and configured, and how to fix what is not."""

import dataclasses
import json
import platform
import shutil
import subprocess
import sys

from rich.table import Table

from shared.commands.arguments import Options
from shared.commands.standard_output import put, show
from shared.engine import EngineNotFoundError, find_engine
from shared.environment import Environment, EnvironmentFileError, environment_names, load, missing_ids
from shared.exit_codes import ExitCode
from shared.login import LoginMissingError, WrongLoginError, check_logins
from shared.orchestration.definitions import discover
from shared.orchestration.errors import GraphError
from shared.orchestration.graph import graph_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. needed: whether the sandbox or the named environment does not work without it."""

    name: str
    good: bool
    needed: bool
    detail: str
    fix: str = ""


def doctor(options: Options) -> int:
    """Print what was found. Returns 1 where something needed is missing."""
    findings = _findings(options)
    if options.json:
        put(json.dumps({"findings": [dataclasses.asdict(one) for one in findings]}, indent=2) + "\n")
    else:
        show(_table(findings))
    healthy = all(finding.good or not finding.needed for finding in findings)
    return ExitCode.SUCCESS if healthy else ExitCode.ERROR


def _findings(options: Options) -> tuple[Finding, ...]:
    environments = [_environment(name, options) for name in environment_names(options.root)]
    login = [_login(options.environment())] if options.env else []
    return (_python(), _engine(), _stacks(options), *environments, *_programs(), *login)


def _python() -> Finding:
    return Finding(name="Python", good=True, needed=True, detail=f"{platform.python_version()} at {sys.executable}")


def _engine() -> Finding:
    try:
        engine = find_engine(_ignore, install=False)
    except EngineNotFoundError as error:
        fix = "any deploy or preview installs or builds it (once, about 5 minutes)"
        return Finding(name="Pulumi engine", good=False, needed=False, detail=str(error), fix=fix)
    detail = f"{engine.version} at {engine.path} ({engine.reason})"
    return Finding(name="Pulumi engine", good=True, needed=True, detail=detail)


def _stacks(options: Options) -> Finding:
    try:
        order = graph_of(discover(options.root)).order
    except GraphError as error:
        return Finding(name="stacks", good=False, needed=True, detail=str(error), fix=error.fix)
    return Finding(name="stacks", good=True, needed=True, detail=" then ".join(order))


def _environment(name: str, options: Options) -> Finding:
    label = f"environment {name}"
    try:
        environment = load(name, options.root)
    except EnvironmentFileError as error:
        return Finding(name=label, good=False, needed=True, detail=str(error), fix=error.fix)
    missing = () if environment.simulated else missing_ids(environment)
    if missing:
        fix = f"fill them in in environments/{name}.yaml before a real run"
        return Finding(
            name=label, good=False, needed=name == options.env, detail=f"null: {', '.join(missing)}", fix=fix
        )
    detail = "on the sandbox" if environment.simulated else f"state in {environment.state.backend}"
    return Finding(name=label, good=True, needed=True, detail=detail)


def _login(environment: Environment) -> Finding:
    if environment.simulated:
        return Finding(name="logins", good=True, needed=True, detail="the sandbox needs none")
    try:
        check_logins(environment)
    except (EnvironmentFileError, LoginMissingError, WrongLoginError) as error:
        return Finding(name="logins", good=False, needed=True, detail=str(error), fix="log in as it says")
    return Finding(name="logins", good=True, needed=True, detail="they belong to the environment")


_PROGRAMS: tuple[tuple[str, str, str], ...] = (
    ("git", "the repository's history", "install git"),
    ("uv", "sets .venv up faster", "optional: install uv"),
    ("az", "log-in to Azure on a laptop", "optional: install the Azure CLI"),
    ("aws", "log-in to AWS on a laptop", "optional: install the AWS CLI"),
)


def _programs() -> tuple[Finding, ...]:
    return tuple(_program(*program) for program in _PROGRAMS)


def _program(name: str, purpose: str, fix: str) -> Finding:
    path = shutil.which(name)
    if path is None:
        return Finding(name=name, good=False, needed=False, detail=f"not found ({purpose})", fix=fix)
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    lines = answer.stdout.strip().splitlines() or [f"does not answer (exit code {answer.returncode})"]
    good = answer.returncode == 0
    return Finding(name=name, good=good, needed=False, detail=lines[0], fix="" if good else fix)


def _table(findings: tuple[Finding, ...]) -> Table:
    table = Table("what", "state")
    for name in ("detail", "fix"):
        table.add_column(name, overflow="fold")
    for finding in findings:
        state = "ok" if finding.good else ("missing" if finding.needed else "not there")
        table.add_row(finding.name, state, finding.detail, finding.fix)
    return table


def _ignore(_: str) -> None:
    """Say nothing: without installing there is no progress to speak of."""
