"""What the SDK does for each resource that nobody has use for here: half of the time that a program takes.

**Debug lines.** The SDK sends each of them to the engine in a call of its own and waits for its answer, four and more
for each resource, also where the engine was not asked to show them. No engine is asked to here.

**URNs of aliases.** azure-native gives each resource an alias for every version of its API. The SDK works out the URN
of each, for engines that know no aliases but URNs; none of those that are supported here is one. Only these URNs are
left out: aliases are sent as ever, and the engine gives children those of their parents.

A plain `pulumi up` in a stack's folder does all of it.
"""

import pulumi.resource
from pulumi import Resource, log


def leave_out_chores() -> None:
    """Do none of this in this process any more."""
    log.debug = _no_line
    # Nothing public leaves this out. A test fails where resources are made in another way.
    pulumi.resource.__dict__["collapse_alias_to_urn"] = _no_urn


def _no_line(
    msg: str,
    resource: Resource | None = None,
    stream_id: int | None = None,
    ephemeral: bool | None = None,  # noqa: FBT001  as in pulumi.log.debug
) -> None:
    """Do nothing with a line."""


def _no_urn(*_: object) -> None:
    """Return what stands for a URN that nobody reads."""
