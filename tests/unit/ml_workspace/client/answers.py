"""Answers in the shapes of the real services."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from tests.unit.ml_workspace.client.local_service import Answer, Asked

FLAG = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8"
REFERENCE = "application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8"
WORKSPACE = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw-mlp-prod-0a1b"
)


def query(asked: Asked) -> dict[str, str]:
    """Return the query of a request."""
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


def key_value(key: str, value: str, kind: str = "text/plain", label: str = "prod") -> dict[str, Any]:
    """Return one key-value as App Configuration lists it."""
    return {
        "etag": "4f6dd610dd5e4deebc7fbaef685fb903",
        "key": key,
        "label": label,
        "content_type": kind,
        "value": value,
        "tags": {},
        "locked": False,
        "last_modified": "2026-01-01T00:00:00+00:00",
    }


def key_values(asked: Asked) -> Answer:
    """Answer as a store does: two pages, and only what has the label that was asked for."""
    asked_for = query(asked)
    pages = (
        [
            key_value("model/rounds", "100"),
            key_value("sagemaker/pipeline-arn", "arn:aws:sagemaker:eu-west-1:000000000000:pipeline/p"),
            key_value("model/rounds", "1", label="dev"),
        ],
        [
            key_value(
                ".appconfig.featureflag/drift", json.dumps({"id": "drift", "enabled": True, "conditions": {}}), FLAG
            ),
            key_value(
                ".appconfig.featureflag/new", json.dumps({"id": "new", "enabled": False, "conditions": {}}), FLAG
            ),
            key_value("secrets/token", json.dumps({"uri": "https://kv.vault.azure.net/secrets/token"}), REFERENCE),
        ],
    )
    second = asked_for.get("after") == "page"
    items = [one for one in pages[second] if one["label"] == asked_for.get("label")]
    body: dict[str, Any] = {"items": items}
    if not second:
        body["@nextLink"] = f"/kv?api-version={asked_for['api-version']}&label={asked_for.get('label', '')}&after=page"
    return Answer(body=json.dumps(body), kind="application/vnd.microsoft.appconfig.kvset+json; charset=utf-8")


def blob_list(asked: Asked) -> Answer:
    """Answer as a container does: two blobs in two pages."""
    marker = query(asked).get("marker", "")
    name, following = ("data/b.csv", "") if marker else ("data/a & b.csv", "next")
    properties = "<Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified><Etag>0x1</Etag>"
    body = (
        '<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://127.0.0.1/"'
        f' ContainerName="training-data"><Blobs><Blob><Name>{escape(name)}</Name><Properties>{properties}</Properties>'
        f"</Blob></Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
    )
    return Answer(body=body, kind="application/xml")


def compute_page(url: str) -> Answer:
    """Answer with the first page of a workspace's compute; the second is at `url`."""
    about = {"computeType": "AmlCompute", "provisioningState": "Succeeded", "properties": {"vmSize": "Standard_DS3_v2"}}
    return Answer(body=json.dumps({"value": [{"name": "cpu-train", "properties": about}], "nextLink": url}))


LAST_COMPUTE = Answer(
    body=json.dumps(
        {"value": [{"name": "cpu-build", "properties": {"computeType": "AmlCompute", "provisioningState": "Creating"}}]}
    )
)

RULES = Answer(
    body=json.dumps(
        {
            "value": [
                {
                    "name": "storage-queue",
                    "properties": {
                        "type": "PrivateEndpoint",
                        "category": "UserDefined",
                        "status": "Active",
                        "destination": {"subresourceTarget": "queue", "sparkEnabled": False},
                    },
                }
            ]
        }
    )
)


def problem(status: int, title: str) -> Answer:
    """Answer with a refusal that says more than anybody should repeat."""
    body = json.dumps({"title": title, "detail": "the answer's own words, and Bearer eyJ-this-is-the-token"})
    headers = {"www-authenticate": 'Bearer error="invalid_token"'} if status == 401 else {}
    return Answer(status=status, body=body, kind="application/problem+json", headers=headers)
