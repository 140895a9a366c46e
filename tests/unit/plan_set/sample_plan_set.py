"""A small plan set, and what it was made from."""

import hashlib
from collections.abc import Mapping
from typing import Any

from shared.plan_set.local_key import LocalKey
from shared.plan_set.manifest import Manifest, PlannedOperation, PlannedStack

PLANS = {"identity": b'{"resourcePlans": {"planted-property-value": 1}}', "key_vault": b"{}"}
KEY = LocalKey(secret=bytes(range(32)))


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def operation(urn: str, certain: Any = None, possible: Any = None, *properties: str) -> PlannedOperation:
    return PlannedOperation(urn=urn, certain=certain, possible=possible, properties=properties)


def stack(name: str, upstreams: Mapping[str, str | None], **fields: Any) -> PlannedStack:
    defaults = {
        "plan_sha256": sha256(PLANS.get(name, b"")),
        "checkpoint": sha256(name),
        "operations": (operation(f"urn:pulumi:prod::{name}::aws:s3/bucket:Bucket::data", "update", None, "tags"),),
        "changed_outputs": ("bucket_name",),
    }
    return PlannedStack.model_validate({"name": name, "upstreams": dict(upstreams), **defaults, **fields})


def manifest(**fields: Any) -> Manifest:
    defaults = {
        "schema_version": 1,
        "environment": "prod",
        "created": "2026-11-21T17:00:00Z",
        "commit": None,
        "sources": {"stacks/identity/program.py": sha256("a"), "shared/tags.py": sha256("b")},
        "values": {"storage.sku": "Standard_GZRS", "storage.retention_days": 30},
        "versions": {"engine": "3.259.0", "pulumi-aws": "7.51.1"},
        "stacks": (stack("identity", {}), stack("key_vault", {"identity": sha256("identity")})),
    }
    return Manifest.model_validate({**defaults, **fields})
