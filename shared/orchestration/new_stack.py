"""What a stack that does not exist yet is given, so that no engine call is needed to make it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from shared.orchestration.engine_store import engine_store, state_name
from shared.orchestration.job import StackJob
from shared.orchestration.planned_outputs import empty_checkpoint
from shared.state_store.errors import StateStoreError
from shared.state_store.store import StateStore

# As the engine writes it: 8 bytes of salt, then a nonce and the word "pulumi" encrypted, each in base 64. Strict, since
# the file of another stack may be read while the engine writes it.
_SALT: Final = re.compile(r"v1:[A-Za-z0-9+/=]{12}:v1:[A-Za-z0-9+/=]{16}:[A-Za-z0-9+/=]{32}")

# As Pulumi's DIY backends have it (pkg/backend/diy/meta.go).
_META: Final = "meta.yaml"
_VERSION: Final = b"version: 1\n"


def settings_file(job: StackJob) -> Path:
    """Return the file of a stack's settings in its work folder."""
    return job.work_dir / f"Pulumi.{job.environment}.yaml"


def settings_of(job: StackJob) -> dict[str, Any]:
    """Return what a stack's settings say; nothing where somebody deleted that folder."""
    return _read(settings_file(job))


def secrets_provider_of(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the secrets provider of a stack's settings as checkpoints have it."""
    if "encryptedkey" in settings:
        state = {"url": settings["secretsprovider"], "encryptedkey": settings["encryptedkey"]}
        return {"type": "cloud", "state": state}
    return {"type": "passphrase", "state": {"salt": settings.get("encryptionsalt", "")}}


def adopt_salt(job: StackJob) -> None:
    """Give a stack whose secrets are encrypted with a passphrase the salt of the stacks beside it, where they have one.

    They have the same passphrase. The engine derives a key from each salt, which takes a seventh of a second of a core:
    of its own stack, and of every stack that this one reads from. With one salt it does so once.
    """
    settings = settings_of(job)
    if job.secrets_provider is not None or settings.keys() & {"encryptionsalt", "encryptedkey", "secretsprovider"}:
        return
    beside = sorted(job.work_dir.parent.glob(f"*/{settings_file(job).name}"))
    salts = (_read(file).get("encryptionsalt", "") for file in beside)
    salt = next((salt for salt in salts if _SALT.fullmatch(str(salt))), None)
    if salt is not None:
        with settings_file(job).open("w", encoding="utf-8") as stream:
            stream.write(f"encryptionsalt: {salt}\n")
            if settings:
                YAML().dump(settings, stream)


def lay_out(job: StackJob, backend: Path) -> bool:
    """Put a stack without resources into a scratch backend, as `stack init` would. Returns whether it is there then.

    Where its settings do not say yet how secrets are encrypted, the engine has to make it.
    """
    content = _empty(job)
    if content is None:
        return False
    file = backend / ".pulumi" / "stacks" / job.stack / f"{job.environment}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return True


def make(job: StackJob) -> bool:
    """Put a stack without resources into the state backend, as `stack init` would. Returns whether it is there then.

    That is one request where the engine needs a third of a second and several, and of two at once one makes it. Where
    its settings do not say yet how secrets are encrypted, or the backend is none that we know, the engine has to make
    it, or say why it cannot.
    """
    content = _empty(job)
    if content is None:
        return False
    try:
        store, name = engine_store(job), state_name(job)
        if not _has_projects(store):
            return False
        if store.get(f"{name}.gz") is None:  # as it is where the engine is told to compress states
            store.create(name, content)
    except StateStoreError:
        return False
    return True


def _has_projects(store: StateStore) -> bool:
    """Return whether a backend keeps stacks by project, as all have since version 1. A new one is made to."""
    if store.get(_META) is None and not store.list("stacks"):
        store.create(_META, _VERSION)
    found = store.get(_META)
    return found is not None and found.strip() == _VERSION.strip()


def _empty(job: StackJob) -> bytes | None:
    """Return the state of a stack without resources; None where its settings do not say how secrets are encrypted."""
    provider = secrets_provider_of(settings_of(job))
    if not provider["state"].get("encryptedkey") and not provider["state"].get("salt"):
        return None
    return json.dumps(empty_checkpoint(job.stack, job.environment, provider)).encode()


def _read(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    found = YAML(typ="safe", pure=True).load(text)
    return found if isinstance(found, dict) else {}
