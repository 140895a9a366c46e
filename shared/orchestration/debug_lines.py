"""The SDK's debug lines, which nobody sees here.

The SDK sends each of them to the engine in a call of its own and waits for its answer, four and more for each resource,
also where the engine was not asked to show them: a fifth of the time of a preview. Engines are never asked to here; a
plain `pulumi up --debug` in a stack's folder shows them as ever.
"""

from pulumi import Resource, log


def drop_debug_lines() -> None:
    """Send no debug lines to the engine from this process any more."""
    log.debug = _dropped


def _dropped(
    msg: str,
    resource: Resource | None = None,
    stream_id: int | None = None,
    ephemeral: bool | None = None,  # noqa: FBT001  as in pulumi.log.debug
) -> None:
    """Do nothing with a line."""
