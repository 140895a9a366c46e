"""Which stacks a preview may leave out: all that they are made of and read is as it was at their last deployment."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from shared.affected.fingerprint_model import Fingerprint, FingerprintError, differences
from shared.orchestration.speculation import Outputs
from shared.state_store.deployed import DeployedRecord

REASON = "nothing that it is made of or reads has changed since it was deployed"

Consumed = Mapping[str, tuple[str, ...]]
"""By upstream: the outputs that a stack's code reads."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Look:
    """A stack as it is now. settings: its configuration in Pulumi.<env>.yaml, secrets as ciphertext.

    checkpoint: canonical hash of its state, None where there is none.
    """

    fingerprint: Fingerprint
    consumes: Consumed
    settings: Mapping[str, Any]
    checkpoint: str | None


def consumed_hash(look: Look, published: Mapping[str, Outputs]) -> str:
    """Return a hash of what a stack reads besides its sources: outputs of its upstreams, and its settings."""
    read = {
        stack: {name: published.get(stack, {}).get(name) for name in look.consumes[stack]} for stack in look.consumes
    }
    text = json.dumps([read, look.settings], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def is_untouched(look: Look, record: DeployedRecord | None, published: Mapping[str, Outputs]) -> bool:
    """Return whether a stack need not be looked at. published: what its upstreams will publish; in doubt it must."""
    if record is None or look.checkpoint is None or record.checkpoint != look.checkpoint:
        return False
    try:
        before = Fingerprint.from_json(str(record.fingerprint))
    except FingerprintError:
        return False
    same = (before.stack, before.environment) == (look.fingerprint.stack, look.fingerprint.environment)
    return same and not differences(before, look.fingerprint) and record.consumed == consumed_hash(look, published)
