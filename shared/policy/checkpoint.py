"""The resources that a stack's state holds."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from shared.policy.concealment import concealed
from shared.policy.errors import StateUnreadableError
from shared.policy.json_value import Json, is_mapping
from shared.policy.resource import Resource
from shared.policy.source_line import place_of


def resources_of_checkpoint(file: Path, *, stack: str, work: Path, roots: Sequence[Path]) -> tuple[Resource, ...]:
    """Return the resources of clouds in a checkpoint of a file backend, in the state's order, without secrets.

    work: the folder that the engine ran in; roots: see place_of. Raises StateUnreadableError.
    """
    try:
        document: Json = json.loads(file.read_text())
    except OSError as error:
        raise StateUnreadableError(file=file, problem=error.strerror or "cannot be read") from None
    except ValueError:
        raise StateUnreadableError(file=file, problem="is not JSON") from None
    latest = document.get("checkpoint", {}).get("latest") if is_mapping(document) else None
    if not is_mapping(latest):
        raise StateUnreadableError(file=file, problem="is not a checkpoint of a stack")
    return resources_of_entries(latest.get("resources") or [], stack=stack, work=work, roots=roots)


def resources_of_entries(
    entries: Iterable[Json], *, stack: str, work: Path, roots: Sequence[Path]
) -> tuple[Resource, ...]:
    """Return the resources of clouds among the entries of a deployment: no components, providers, references."""
    return tuple(_resource(entry, stack, work, roots) for entry in entries if _is_cloud(entry))


def _is_cloud(entry: Json) -> bool:
    # What is to be deleted is no longer what the program says.
    return bool(entry.get("custom")) and not entry["type"].startswith("pulumi:") and not entry.get("delete")


def _resource(entry: Json, stack: str, work: Path, roots: Sequence[Path]) -> Resource:
    return Resource(
        stack=stack,
        urn=entry["urn"],
        type=entry["type"],
        name=entry["urn"].rpartition("::")[2],
        id=entry.get("id", ""),
        inputs=concealed(entry.get("inputs") or {}),
        outputs=concealed(entry.get("outputs") or {}),
        dependencies=tuple(entry.get("dependencies") or ()),
        place=place_of(entry, work=work, roots=roots),
    )
