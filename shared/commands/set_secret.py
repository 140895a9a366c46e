"""Store a configuration secret of a stack."""

import getpass
import os
import re
import shutil
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from shared.commands.arguments import Options, UsageError
from shared.commands.holding import leased
from shared.commands.ready import say, session_of
from shared.engine import Engine, find_engine
from shared.environment import Environment
from shared.orchestration.backend import run_engine
from shared.orchestration.definitions import StackDefinition, discover
from shared.orchestration.graph import graph_of
from shared.orchestration.session import Session


def secret(options: Options) -> int:
    """Encrypt the value on standard input into the stack's `Pulumi.<env>.yaml`. Returns the exit code.

    The file of a real environment is a tracked one; that of the sandbox lies in its state folder.
    """
    if options.action != "set" or not options.key:
        raise UsageError(flag="secret", problem="does only one thing", fix="say: secret set KEY --stack S --env E")
    environment = options.environment()
    stack = _stack(options)
    _check_key(environment, stack.name, options.key)
    with session_of(options, environment, clouds=False) as session:
        engine, value = find_engine(say), _value()
        with _alone(session, options):
            folder = session.work_dir(stack)
            _encrypt(session, engine, folder, options.key, value)
            if session.inventory is None:
                _keep(folder, stack, environment.name)
    say(f"{options.key} of {stack.name} in {environment.name} is set")
    return 0


def _stack(options: Options) -> StackDefinition:
    stacks = discover(options.root)
    known = graph_of(stacks).order
    if options.stack not in known:
        problem = f"there is no stack {options.stack!r}" if options.stack else "is missing"
        raise UsageError(flag="--stack", problem=problem, fix=f"use one of {', '.join(known)}")
    return next(stack for stack in stacks if stack.name == options.stack)


def _check_key(environment: Environment, stack: str, key: str) -> None:
    """Refuse a key that no program reads, where it is known which ones are read, and one that is no plain name."""
    known = sorted(environment.key_vault.secrets)
    if stack == "key_vault" and key not in known:
        fix = f"use one of {', '.join(known)}, or add it to environments/{environment.name}.yaml: key_vault.secrets"
        raise UsageError(flag="secret set", problem=f"key_vault reads no secret {key!r}", fix=fix)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", key):
        raise UsageError(flag="secret set", problem=f"{key!r} is no name", fix="use letters, digits, - and _")


def _alone(session: Session, options: Options) -> AbstractContextManager[object]:
    """Return what keeps others out: in the sandbox this writes state, of a real environment a tracked file only."""
    return nullcontext() if session.inventory is None else leased(session, options, "secret set")


def _value() -> str:
    try:
        value = getpass.getpass("value: ") if sys.stdin.isatty() else sys.stdin.read().rstrip("\n")
    except UnicodeDecodeError:  # its own message would show the value
        raise UsageError(flag="standard input", problem="is not UTF-8 text", fix="encode it first") from None
    if not value:
        raise UsageError(flag="standard input", problem="is empty", fix="pipe the secret's value into this command")
    return value


def _encrypt(session: Session, engine: Engine, folder: Path, key: str, value: str) -> None:
    name = session.environment.name
    if session.inventory is not None:
        run_engine(session, engine, folder, ["stack", "select", "--create", "--stack", name])
    arguments = ["config", "set", key, "--secret", "--stack", name]
    run_engine(session, engine, folder, arguments, standard_input=value)


def _keep(folder: Path, stack: StackDefinition, environment: str) -> None:
    """Bring the encrypted settings home. Replaced in one step: a reader never sees half a file."""
    file = f"Pulumi.{environment}.yaml"
    draft = stack.folder / f".{file}.{os.getpid()}"
    shutil.copyfile(folder / file, draft)
    draft.replace(stack.folder / file)
