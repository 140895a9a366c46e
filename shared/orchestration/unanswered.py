"""Creations that failed without a word on whether the cloud made the resource all the same. Pure.

The engine takes a creation that failed for one that did not happen, and forgets it: tried again, it would be made
twice, or be in the way of itself.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pulumi.automation.events import StepEventStateMetadata

from shared.orchestration.expired_login import login_expired
from shared.orchestration.failures import Failure
from shared.orchestration.transient_errors import codes_in, is_transient
from shared.pending_operations.unanswered import UnansweredCreation, can_be_found

_SERVERS_FAULT: Final = frozenset(
    {
        *("500", "502", "504"),
        *("internalservererror", "serviceerror"),  # Azure: "Common REST API error codes" (Microsoft Learn)
        *("internalfailure", "internalerror"),  # AWS: "Common errors" (AWS API References), "Error responses" (S3)
    }
)
"""Codes, in lower case, that say that the service failed, and not at what."""

_LOST: Final = re.compile(
    r"error reading from server|transport is closing|connection reset|unexpected EOF|context deadline exceeded"
    r"|code = (?:Unavailable|DeadlineExceeded|Canceled)\b"
)
"""Words of gRPC, of Go's net package and of its contexts: the provider is gone, or its connection, or the time."""


def may_have_been_made(kind: str, message: str) -> bool:
    """Return whether what failed with a provider's message may exist. kind: the type token of the resource.

    A long operation that a cloud has accepted may be throttled, or meet a service that is down or a login that ends,
    while it is waited for (pulumi-azure-native issue 3720).
    """
    if is_transient(kind, message) or login_expired(message):
        return True
    return bool(codes_in(message) & _SERVERS_FAULT) or _LOST.search(message) is not None


def unanswered(
    failed: Mapping[str, StepEventStateMetadata], failures: Iterable[Failure]
) -> tuple[UnansweredCreation, ...]:
    """Return the creations that failed and may have been done all the same. failed: creations that failed, by URN.

    Not among them is what cannot be found again by what it was asked for, and failed with an error that says that
    nothing was done: it is tried again without a look.
    """
    found = {one.urn: failed[one.urn] for one in failures if one.urn in failed and _is_open(failed[one.urn].type, one)}
    return tuple(
        UnansweredCreation(
            urn=state.urn,
            type=state.type,
            parent=state.parent,
            provider=state.provider,
            protect=bool(state.protect),
            retain_on_delete=bool(state.retain_on_delete),
            inputs=state.inputs or {},
        )
        for state in found.values()
    )


def _is_open(kind: str, failure: Failure) -> bool:
    return may_have_been_made(kind, failure.message) and (can_be_found(kind) or not failure.transient)
