"""What a stack is planned to publish: read from the engine's plan, and put where downstream previews read it.

Pure functions over the engine's JSON. Secrets stay ciphertext of their stack's secrets provider throughout.
"""

from collections.abc import Mapping
from typing import Any, Final

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in plans, checkpoints and events for a value that is not known yet."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a value of the engine's own, a secret among them, in plans and checkpoints."""

REFERENCE_TYPE: Final = "pulumi:pulumi:StackReference"

ROOT_TYPE: Final = "pulumi:pulumi:Stack"


def root_urn(stack: str, environment: str) -> str:
    """Return the URN of a stack's root resource, which holds its outputs."""
    return f"urn:pulumi:{environment}::{stack}::{ROOT_TYPE}::{stack}-{environment}"


def outputs_of_plan(plan: Mapping[str, Any], stack: str, environment: str) -> dict[str, Any]:
    """Return the planned outputs of a stack. Raises KeyError for a plan of another stack."""
    return dict(plan["resourcePlans"][root_urn(stack, environment)]["state"] or {})


def outputs_of_checkpoint(checkpoint: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the outputs that were published by the last deployment; none where there was none."""
    root = next((one for one in resources_of(checkpoint) if one["type"] == ROOT_TYPE), {})
    return dict(root.get("outputs") or {})


def with_outputs(checkpoint: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checkpoint of a stack that exists, publishing `outputs`."""
    latest = checkpoint["checkpoint"]["latest"]
    resources = [{**one, "outputs": dict(outputs)} if one["type"] == ROOT_TYPE else one for one in latest["resources"]]
    return {**checkpoint, "checkpoint": {**checkpoint["checkpoint"], "latest": {**latest, "resources": resources}}}


def synthetic_checkpoint(
    stack: str, environment: str, secrets_provider: Mapping[str, Any], outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the checkpoint of a stack that does not exist yet, publishing `outputs`.

    secrets_provider: as checkpoints have it; without it the first secret could not be read.
    """
    root = {"urn": root_urn(stack, environment), "custom": False, "type": ROOT_TYPE, "outputs": dict(outputs)}
    return _checkpoint(stack, environment, secrets_provider, [root])


def empty_checkpoint(stack: str, environment: str, secrets_provider: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checkpoint of a stack that was made and has no resources."""
    return _checkpoint(stack, environment, secrets_provider, [])


def _checkpoint(
    stack: str, environment: str, secrets_provider: Mapping[str, Any], resources: list[dict[str, Any]]
) -> dict[str, Any]:
    latest = {
        "manifest": {"time": "2000-01-01T00:00:00Z", "magic": "", "version": ""},
        "secrets_providers": dict(secrets_provider),
        "resources": resources,
    }
    return {"version": 3, "checkpoint": {"stack": f"organization/{stack}/{environment}", "latest": latest}}


def exists(checkpoint: Mapping[str, Any] | None) -> bool:
    """Return whether a stack was deployed: its checkpoint has a root resource."""
    return any(one["type"] == ROOT_TYPE for one in resources_of(checkpoint))


def last_known(planned: Any, deployed: Any, *, secrets: bool = False) -> Any:
    """Return planned outputs in which each unknown value is what was published last, where something was.

    secrets: whether secrets count as unknown. What is in one cannot be seen: perhaps nothing that is known.
    """
    if planned == UNKNOWN or (secrets and is_secret(planned)):
        return planned if deployed is None else deployed
    if isinstance(planned, Mapping):
        before = deployed if isinstance(deployed, Mapping) else {}
        return {key: last_known(value, before.get(key), secrets=secrets) for key, value in planned.items()}
    return planned


def is_secret(value: Any) -> bool:
    """Return whether a value is a secret, as plans and checkpoints have it."""
    return isinstance(value, Mapping) and SIGNATURE in value


def holds_unknown(value: Any) -> bool:
    """Return whether something in a value is not known."""
    if isinstance(value, Mapping):
        return any(holds_unknown(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(holds_unknown(inner) for inner in value)
    return value == UNKNOWN


def resources_of(checkpoint: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the resources in a checkpoint."""
    latest = (checkpoint or {}).get("checkpoint", {}).get("latest") or {}
    return latest.get("resources") or []
