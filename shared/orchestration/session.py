"""Where a run keeps its things: state, settings and clouds of one environment.

The sandbox keeps everything in the state folder (`--state`, by default `.sandbox`), but for its state where its file
names a bucket or a container for that. A real environment keeps its state in the backend that its file names. Every
run works on copies of `Pulumi.yaml` and `Pulumi.<env>.yaml`: the engine rewrites both, and no run may change a tracked
file.
"""

import dataclasses
import json
import os
import secrets
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from platformdirs import user_cache_path

from shared.environment import Environment
from shared.orchestration.definitions import StackDefinition
from shared.orchestration.errors import NotBootstrappedError, StateFolderError
from shared.orchestration.planned_outputs import resources_of
from shared.sandbox.process import running_sandbox
from shared.sandbox.remains import remains

_ENGINE = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_CI_DETECTION": "true",
    # Resources of a stack that are worked on at once. The engine's own default is four for each core, as if it were
    # the cores that take the time: what is waited for is the clouds.
    "PULUMI_PARALLEL": "32",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Session:
    """One environment, ready for the engine.

    variables: environment of every engine process. work: folder of the stacks' work folders. secrets_provider: None for
    a passphrase. inventory: the sandbox's inventory file, None on real clouds.
    """

    environment: Environment
    root: Path
    variables: Mapping[str, str]
    work: Path
    secrets_provider: str | None
    inventory: Path | None

    def work_dir(self, stack: StackDefinition) -> Path:
        """Return the stack's work folder, with fresh copies of its settings.

        Raises NotBootstrappedError where a real environment has no settings for the stack.
        """
        folder = self.work / stack.name
        folder.mkdir(parents=True, exist_ok=True)
        _copied(stack.folder / "Pulumi.yaml", folder / "Pulumi.yaml")
        name = f"Pulumi.{self.environment.name}.yaml"
        if self.inventory is None:
            if not (stack.folder / name).exists():
                raise NotBootstrappedError(environment=self.environment.name, file=f"stacks/{stack.name}/{name}")
            _copied(stack.folder / name, folder / name)
        return folder

    def prepare(self, stacks: Iterable[StackDefinition]) -> None:
        """Make the work folders of `stacks`, so that nothing is begun where one is missing. Raises like work_dir."""
        for stack in stacks:
            self.work_dir(stack)

    def invented_secrets(self, stack: StackDefinition) -> tuple[str, ...]:
        """Return the configuration secrets of `stack` that the sandbox makes up by itself."""
        if self.inventory is None or stack.name != "key_vault":
            return ()
        return tuple(sorted(self.environment.key_vault.secrets))


@contextmanager
def sandbox_session(
    environment: Environment, root: Path, state: Path, *, clouds: bool = True, apart: bool = False
) -> Generator[Session]:
    """Yield a session on the sandbox whose things are in the folder `state`.

    clouds: whether the simulated clouds are needed, or only the state. apart: whether the state is in that folder too,
    whatever the environment's file says. Raises StateFolderError, SandboxStartError.
    """
    folder = _writable(state.resolve())
    inventory = folder / "inventory.sqlite"
    here = apart or environment.state.backend.startswith("file:")
    if here:
        _refuse_half(folder, inventory)
    provider = environment.state.secrets_provider
    with ExitStack() as stack:
        attach = stack.enter_context(running_sandbox(inventory, environment)) if clouds else {}
        yield Session(
            environment=environment,
            root=root,
            variables=_sandbox_variables(folder, "" if here else environment.state.backend) | attach,
            work=folder / "work",
            secrets_provider=None if here or provider == "passphrase" else provider,
            inventory=inventory,
        )


@contextmanager
def real_session(environment: Environment, root: Path) -> Generator[Session]:
    """Yield a session on the real clouds, with the state backend that the environment file names."""
    yield Session(
        environment=environment,
        root=root,
        variables={**_ENGINE, "PULUMI_BACKEND_URL": without_attribute_files(environment.state.backend)},
        work=user_cache_path("ml-platform-infra") / "work" / environment.name,
        secrets_provider=environment.state.secrets_provider,
        inventory=None,
    )


def without_attribute_files(backend: str) -> str:
    """Return the URL of a state backend whose files have no file of attributes beside each.

    The engine writes that one not in one step: who is killed meanwhile leaves it empty, and no engine can load the
    state any more ("failed to load checkpoint: EOF", seen with 3.259). The parameter is that of the Go CDK's fileblob.
    """
    if not backend.startswith("file://") or "metadata=" in backend:
        return backend
    return f"{backend}{'&' if '?' in backend else '?'}metadata=skip"


def _sandbox_variables(folder: Path, backend: str) -> dict[str, str]:
    return {
        **_ENGINE,
        "PULUMI_BACKEND_URL": backend or without_attribute_files(f"file://{quote(str(folder / 'state'))}"),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(folder)),
        "PULUMI_HOME": str(folder / "home"),
    }


def _copied(source: Path, target: Path) -> None:
    """Make `target` a copy, in one step: a command that waits for its turn may not spoil a run that reads it."""
    content = source.read_bytes()
    if target.exists() and target.read_bytes() == content:
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(target)


def _writable(folder: Path) -> Path:
    try:
        for name in ("state", "work", "home"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        problem = error.strerror or str(error)
        raise StateFolderError(folder=folder, problem=problem, fix="name a folder that can be written to") from None
    return folder


def _refuse_half(folder: Path, inventory: Path) -> None:
    """Refuse a folder of which a part was deleted: the rest would speak of things that nobody can change any more."""
    has_state = any(_holds(file) for file in (folder / "state" / ".pulumi" / "stacks").glob("*/*.json"))
    if has_state and not (folder / "passphrase").exists():
        raise StateFolderError(folder=folder, problem="its passphrase is gone, so its state cannot be read")
    if has_state and not inventory.exists():
        raise StateFolderError(folder=folder, problem="its inventory.sqlite is gone, so its clouds are empty")
    if not has_state and inventory.exists() and remains(inventory):
        raise StateFolderError(folder=folder, problem="its state is gone, and its clouds still hold resources")


def _holds(file: Path) -> bool:
    """Return whether a stack has resources. One that only has settings, such as a secret, has none in the clouds."""
    try:
        return bool(resources_of(json.loads(file.read_text(encoding="utf-8"))))
    except (OSError, ValueError):
        return True  # what cannot be read is said by who needs it


def _passphrase(folder: Path) -> Path:
    file = folder / "passphrase"
    if not file.exists():
        # Written beside and linked into place: two first runs at once must agree on one passphrase.
        draft = folder / f".passphrase-{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file
