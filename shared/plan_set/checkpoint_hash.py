"""One hash for checkpoints that mean the same: an update that changes nothing writes other bytes each time.

What differs after an update without changes, and with another checkout of the same sources (found by deploying the
platform three times and comparing the files, engine 3.259):

- the manifest: the time, and the engine's version and a hash of it;
- the order of resources, and of the dependencies in them: both are sets, and resources are named by their URN;
- source positions and stack traces: paths and lines of the machine that deployed;
- ciphertexts: the engine encrypts afresh what a program gives it, with another nonce. Nobody without the key can tell
  two of the same value from two of different values, so only their length counts. A resource whose secret changed has
  another time of modification, which counts. A secret that a stack only passes on (an input of a component, an output)
  has none: one of the same length goes unseen here, and the engine, which compares a plan's secrets in clear, then
  refuses the plan before it touches anything.

Everything else counts, pending operations too.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_SECRET_MARKER: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105  the engine's key for special values
_WITHOUT_MEANING: Final = frozenset({"sourcePosition", "stackTrace"})


def canonical_hash(checkpoint: Mapping[str, Any] | None) -> str | None:
    """Return the SHA-256, in hexadecimal, of what a checkpoint means; None where there is none.

    checkpoint: as shared.orchestration.backend.checkpoints returns it, secrets as ciphertext.
    """
    if checkpoint is None:
        return None
    return hashlib.sha256(_text(_canonical(checkpoint)).encode()).hexdigest()


def _canonical(checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    stack = dict(checkpoint.get("checkpoint") or {})
    latest = dict(stack.get("latest") or {})
    latest.pop("manifest", None)
    latest["resources"] = sorted((_resource(one) for one in latest.get("resources") or ()), key=_text)
    pending = [{**one, "resource": _resource(one["resource"])} for one in latest.get("pending_operations") or ()]
    latest["pending_operations"] = sorted(pending, key=_text)
    return {**checkpoint, "checkpoint": {**stack, "latest": latest}}


def _resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: _without_ciphertext(value) for name, value in resource.items() if name not in _WITHOUT_MEANING}
    if "dependencies" in kept:
        kept["dependencies"] = sorted(kept["dependencies"] or ())
    if "propertyDependencies" in kept:
        by_property: Mapping[str, Sequence[str] | None] = kept["propertyDependencies"] or {}
        kept["propertyDependencies"] = {name: sorted(urns or ()) for name, urns in by_property.items()}
    return kept


def _without_ciphertext(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _SECRET_MARKER in value and isinstance(value.get("ciphertext"), str):
            return {**value, "ciphertext": len(value["ciphertext"])}
        return {name: _without_ciphertext(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_ciphertext(inner) for inner in value]
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
