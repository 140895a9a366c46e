"""Asking the engine's providers what is in the cloud, without touching the state.

A scratch backend gets a checkpoint in which each resource to ask for stands alone, and the engine refreshes it. So
every type is read by its own provider, and nobody sees anything of this: the run that asks may be killed too.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pulumi.automation.errors import CommandError
from ruamel.yaml import YAML

from shared.engine import Engine
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.planned_outputs import ROOT_TYPE, resources_of
from shared.orchestration.session import Session

_PROVIDERS: Final = "pulumi:providers:"
# What ties a resource to others of its stack, which are not in the scratch checkpoint.
_TIES: Final = frozenset(
    {"parent", "dependencies", "propertyDependencies", "deletedWith", "aliases", "delete", "pendingReplacement"}
)


class ProbeError(Exception):
    """The engine could not do its part. problem: its words, in one line."""

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EngineFolder:
    """A folder of a stack's own settings, in which the engine is called; outside of the tracked tree.

    It says the secrets provider that the checkpoint has: with another one the engine would encrypt everything anew.
    command: how the engine is called, None for a way of its own.
    """

    folder: Path
    stack: str
    session: Session
    engine: Engine
    command: EngineCommand | None = None

    def settle(self, checkpoint: Mapping[str, Any]) -> None:
        """Write the settings."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        project = {"name": self.stack, "runtime": "python"}
        settings = _settings(checkpoint["checkpoint"]["latest"].get("secrets_providers") or {})
        for name, content in (("Pulumi", project), (f"Pulumi.{self.session.environment.name}", settings)):
            with (self.folder / f"{name}.yaml").open("w", encoding="utf-8") as stream:
                YAML().dump(content, stream)

    def run(self, *arguments: str, backend: str | None = None) -> None:
        """Call the engine. backend: another one than the environment's. Raises ProbeError."""
        variables = {**self.session.variables, **({"PULUMI_BACKEND_URL": backend} if backend else {})}
        words = [*arguments, "--stack", f"organization/{self.stack}/{self.session.environment.name}"]
        command = self.command or EngineCommand(self.engine.path, self.engine.version)
        try:
            command.run(words, str(self.folder), variables)
        except CommandError as error:
            raise ProbeError(problem=_error_in(str(error))) from None


def probed(
    folder: EngineFolder, checkpoint: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any] | None]:
    """Return each resource as the cloud has it, None for one that does not exist.

    resources: as checkpoints have them, with id, inputs and outputs. Raises ProbeError.
    """
    if not resources:
        return []
    with TemporaryDirectory(prefix="probe-", dir=folder.folder) as name:
        backend = Path(name)
        file = backend / ".pulumi" / "stacks" / folder.stack / f"{folder.session.environment.name}.json"
        file.parent.mkdir(parents=True)
        (backend / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        file.write_text(json.dumps(_alone(checkpoint, resources)), encoding="utf-8")
        folder.run(
            "refresh", "--yes", "--skip-preview", "--suppress-outputs", "--color", "never", backend=backend.as_uri()
        )
        after = {one["urn"]: one for one in resources_of(json.loads(file.read_text(encoding="utf-8")))}
    return [after.get(_probe_urn(resource, number)) for number, resource in enumerate(resources)]


def _alone(checkpoint: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    latest = checkpoint["checkpoint"]["latest"]
    held = resources_of(checkpoint)
    root = [{**one, "outputs": {}} for one in held if one["type"] == ROOT_TYPE]
    providers = [_without_ties(one) for one in held if str(one["type"]).startswith(_PROVIDERS)]
    probes = [{**_without_ties(one), "urn": _probe_urn(one, number)} for number, one in enumerate(resources)]
    kept = {name: value for name, value in latest.items() if name != "pending_operations"}
    scratch = {**kept, "resources": [*root, *providers, *probes]}
    return {**checkpoint, "checkpoint": {**checkpoint["checkpoint"], "latest": scratch}}


def _without_ties(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in _TIES}


def _probe_urn(resource: Mapping[str, Any], number: int) -> str:
    """Return a URN of its own: two entries of a state can have one, as long as a replacement is half done."""
    start = "::".join(str(resource["urn"]).split("::")[:2])
    return f"{start}::{resource['type']}::probe-{number}"


def _settings(secrets_provider: Mapping[str, Any]) -> dict[str, str]:
    """Return a checkpoint's secrets provider as the settings of a stack have it."""
    state: Mapping[str, Any] = secrets_provider.get("state") or {}
    if "encryptedkey" in state:
        return {"secretsprovider": str(state["url"]), "encryptedkey": str(state["encryptedkey"])}
    return {"encryptionsalt": str(state["salt"])} if "salt" in state else {}


def _error_in(text: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    telling = [line.partition("error:")[2].strip() for line in lines if "error:" in line]
    noise = {"update failed", "an unhandled error occurred"}
    return next(
        (line for line in telling if line and line not in noise), next(filter(None, [*telling, *lines]), "no word")
    )
