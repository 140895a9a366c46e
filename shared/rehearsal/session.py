"""A throw-away sandbox for any environment, with a copy of its programs and its file."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shared.environment import Environment
from shared.orchestration.session import Session, sandbox_session
from shared.rehearsal.environment import write_environment


@contextmanager
def rehearsal_session(environment: Environment, root: Path, folder: Path) -> Generator[Session]:
    """Yield a session on simulated clouds for `environment`, whose ids are known, with everything in `folder`.

    root: the repository. Its stacks are copied, so that a change of the work tree does not reach a running rehearsal;
    the session's root is that copy. No login is used and no real backend is read, whatever the environment's file says.
    Raises StateFolderError, SandboxStartError.
    """
    copy = folder / "repository"
    _copy_programs(root, copy)
    write_environment(environment, copy / "environments")
    with sandbox_session(environment, copy, folder, apart=True) as session:
        yield session


def _copy_programs(root: Path, copy: Path) -> None:
    (copy / "environments").mkdir(parents=True, exist_ok=True)
    if not (copy / "stacks").exists():
        settings = shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml")  # secrets of the real environment
        shutil.copytree(root / "stacks", copy / "stacks", ignore=settings)
