"""Write and read the file of a plan set."""

import dataclasses
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from shared.plan_set.container import seal, unseal
from shared.plan_set.errors import PlanSetFileError, PlanSetRefusedError
from shared.plan_set.keys import PlanSetKey
from shared.plan_set.manifest import Manifest
from shared.plan_set.packing import ContentError, pack, unpack

MAX_BYTES: Final = 256 * 1024**2
"""How large a plan set's file may be. Plans compress well: five stacks have about 1 MB."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanSet:
    """The previews of an environment. plans: the engine's plan files by stack, in the order of deployment."""

    manifest: Manifest
    # Property values of the infrastructure: not for a log.
    plans: Mapping[str, bytes] = dataclasses.field(repr=False)


def sealed(manifest: Manifest, plans: Mapping[str, bytes], key: PlanSetKey) -> bytes:
    """Return a plan set as its file has it.

    Raises ValueError where the plans are not those of the manifest, PlanSetKeyError.
    """
    try:
        content = pack(manifest, plans)
    except ContentError as error:
        raise ValueError(str(error)) from None
    return seal(content, environment=manifest.environment, key=key)


def write(file: Path, manifest: Manifest, plans: Mapping[str, bytes], key: PlanSetKey) -> None:
    """Write a plan set that only its user may read, whole or not at all.

    Raises ValueError where the plans are not those of the manifest, PlanSetFileError, PlanSetKeyError.
    """
    data = sealed(manifest, plans, key)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        _write_new(draft, data)
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise _unwritable(file, error) from None


def read(file: Path, *, environment: str, key: PlanSetKey) -> PlanSet:
    """Return the plan set in a file, after checking all of it.

    environment: the one that it must be made for; key: that of this environment.
    Raises PlanSetRefusedError for a file that is damaged, too large, no plan set, or made for another environment;
    PlanSetFileError where there is no file; PlanSetKeyError.
    """
    try:
        return opened(file_content(file), environment=environment, key=key)
    except ContentError as error:
        raise PlanSetRefusedError(file=file, differences=error.differences) from None


def opened(data: bytes, *, environment: str, key: PlanSetKey) -> PlanSet:
    """Return the plan set in the content of a file, as `read` does. Raises ContentError, PlanSetKeyError."""
    manifest, plans = unpack(unseal(data, environment=environment, key=key))
    if manifest.environment != environment:
        raise ContentError(f"it was made for {manifest.environment!a}, and this is {environment}")
    return PlanSet(manifest=manifest, plans=plans)


def _write_new(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def file_content(file: Path) -> bytes:
    """Return what is in a plan set's file, still sealed. Raises PlanSetRefusedError, PlanSetFileError."""
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        fix = "name a file that invoke preview --save wrote"
        raise PlanSetFileError(file=file, problem="is not there", fix=fix) from None
    except (OSError, ValueError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        raise PlanSetFileError(file=file, problem=problem, fix="name a file that can be read") from None
    if not data:
        raise PlanSetRefusedError(file=file, differences=("it is empty",))
    if len(data) > MAX_BYTES:
        raise PlanSetRefusedError(file=file, differences=(f"it has more than {MAX_BYTES} bytes",))
    return data


def _unwritable(file: Path, error: OSError) -> PlanSetFileError:
    if not file.parent.is_dir():
        return PlanSetFileError(
            file=file, problem="cannot be written: its folder is not there", fix=f"make the folder {file.parent}"
        )
    problem = f"cannot be written ({error.strerror or type(error).__name__})"
    return PlanSetFileError(file=file, problem=problem, fix="name a file in a folder that can be written to")
