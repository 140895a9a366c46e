"""What the workspace has: its compute, and where its managed network may go."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.calls import Purpose, call
from stacks.ml_workspace.client.errors import not_understood
from stacks.ml_workspace.client.json_object import is_mapping

MANAGEMENT: Final = "https://management.azure.com"
_VERSION: Final = "2025-12-01"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Compute:
    """One compute. kind: AmlCompute and others; state: of its provisioning."""

    name: str
    kind: str
    state: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutboundRule:
    """One way out of the managed network.

    kind: PrivateEndpoint, ServiceTag or FQDN; category: Required, Dependency, Recommended or UserDefined.
    """

    name: str
    kind: str
    category: str
    status: str


def computes(caller: Caller, workspace_id: str, *, management: str = MANAGEMENT) -> list[Compute]:
    """Return the workspace's compute. Raises ClientError."""
    return [
        Compute(name=_text(one, "name"), kind=_text(about, "computeType"), state=_text(about, "provisioningState"))
        for one, about in _listed(caller, management, workspace_id, "computes")
    ]


def outbound_rules(caller: Caller, workspace_id: str, *, management: str = MANAGEMENT) -> list[OutboundRule]:
    """Return the rules of the workspace's managed network. Raises ClientError."""
    return [
        OutboundRule(
            name=_text(one, "name"),
            kind=_text(about, "type"),
            category=_text(about, "category"),
            status=_text(about, "status"),
        )
        for one, about in _listed(caller, management, workspace_id, "outboundRules")
    ]


def _listed(
    caller: Caller, management: str, workspace_id: str, kind: str
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield what lies in the workspace with its properties, page by page."""
    base = management.rstrip("/")
    where = f"{base}{workspace_id}/{kind}"
    purpose = Purpose(what=kind, role="Reader", scope=f"{base}/.default")
    url: str | None = f"{where}?api-version={_VERSION}"
    while url:
        # The token is for this address: a page elsewhere would get it too.
        if not url.startswith(f"{base}/"):
            raise not_understood(what=kind, where=where)
        page = call(caller, "GET", url, purpose)
        if not is_mapping(page) or not isinstance(page.get("value"), list):
            raise not_understood(what=kind, where=where)
        for one in page["value"]:
            about = one.get("properties")
            yield one, about if is_mapping(about) else {}
        url = page.get("nextLink")


def _text(value: Mapping[str, Any], key: str) -> str:
    return str(value.get(key) or "")
