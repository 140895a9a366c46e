"""A manifest and its plans as one zip archive: the same content makes the same bytes."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from shared.plan_set.manifest import SCHEMA_VERSION, Manifest

MAX_UNPACKED: Final = 1024**3
"""How many bytes the files of a plan set may have together. Five stacks have about 5 MB."""

_MANIFEST = "manifest.json"
# The oldest that the format can tell; the real time would make each archive another one.
_TIME = (1980, 1, 1, 0, 0, 0)


class ContentError(Exception):
    """The content of a plan set is not what it must be. differences: one clause each."""

    def __init__(self, *differences: str) -> None:
        self.differences = differences
        super().__init__("; ".join(differences))


def pack(manifest: Manifest, plans: Mapping[str, bytes]) -> bytes:
    """Return the archive of a manifest and the engine's plan files by stack. Raises ContentError if they disagree."""
    wrong = _disagreements(manifest, plans)
    if wrong:
        raise ContentError(*wrong)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, _MANIFEST, manifest.model_dump_json().encode())
        for stack in manifest.stacks:
            _add(archive, _plan_name(stack.name), plans[stack.name])
    return stream.getvalue()


def unpack(content: bytes, max_bytes: int = MAX_UNPACKED) -> tuple[Manifest, dict[str, bytes]]:
    """Return the manifest and the plans by stack, after checking that they belong together. Raises ContentError."""
    files = _files(content, max_bytes)
    if _MANIFEST not in files:
        raise ContentError("it has no manifest")
    manifest = _manifest(files.pop(_MANIFEST))
    names = {_plan_name(stack.name): stack.name for stack in manifest.stacks}
    strange = sorted(files.keys() - names.keys())
    plans = {names[name]: data for name, data in files.items() if name in names}
    wrong = (
        *(f"it holds {name!a}, which is not in its manifest" for name in strange),
        *_disagreements(manifest, plans),
    )
    if wrong:
        raise ContentError(*wrong)
    return manifest, {stack.name: plans[stack.name] for stack in manifest.stacks}


def _plan_name(stack: str) -> str:
    return f"plans/{stack}.json"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # not the system's own number: that would make other bytes on Windows
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, data)


def _files(content: bytes, max_bytes: int) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len({entry.filename for entry in entries}) != len(entries):
                raise ContentError("a file is in it twice")
            if sum(entry.file_size for entry in entries) > max_bytes:
                raise ContentError(f"its files have more than {max_bytes} bytes")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise ContentError("its archive is damaged") from None


def _manifest(data: bytes) -> Manifest:
    try:
        version = json.loads(data).get("schema_version")
    except (ValueError, AttributeError, RecursionError):
        raise ContentError("its manifest is not JSON") from None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise ContentError(f"its manifest has version {version}, and this program reads {SCHEMA_VERSION}")
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        # Only where: the message of the library quotes what it found.
        place = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
        raise ContentError(f"its manifest is damaged at {place or 'the top'}") from None


def _disagreements(manifest: Manifest, plans: Mapping[str, bytes]) -> tuple[str, ...]:
    wrong = [f"the plan of {name} is not in its manifest" for name in sorted(plans.keys() - _names(manifest))]
    for stack in manifest.stacks:
        if stack.name not in plans:
            wrong.append(f"the plan of {stack.name} is missing")
        elif hashlib.sha256(plans[stack.name]).hexdigest() != stack.plan_sha256:
            wrong.append(f"the plan of {stack.name} is not the one that its manifest names")
    return tuple(wrong)


def _names(manifest: Manifest) -> set[str]:
    return {stack.name for stack in manifest.stacks}
