"""Which identity the client uses, and that it has no other way in."""

import ast
from pathlib import Path

import pytest
from azure.identity import (
    DefaultAzureCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from shared.environment.loading import REPOSITORY
from stacks.ml_workspace.client.identity import Kind, client_id_of, credential, kind_of

CLIENT = REPOSITORY / "stacks" / "ml_workspace" / "client"
WORKLOAD = {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "f"}
SECRET = {"AZURE_CLIENT_SECRET": "s", "AZURE_TENANT_ID": "t"}


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({}, "login"),
        (SECRET, "login"),
        ({"AZURE_CLIENT_ID": ""}, "login"),
        (WORKLOAD, "workload"),
        ({**WORKLOAD, "AZURE_FEDERATED_TOKEN_FILE": ""}, "managed"),
        ({"AZURE_CLIENT_ID": "c"}, "managed"),
        ({"DEFAULT_IDENTITY_CLIENT_ID": "c"}, "managed"),
        ({"MSI_ENDPOINT": "http://localhost"}, "managed"),
        ({"IDENTITY_ENDPOINT": "http://localhost"}, "managed"),
    ],
)
def test_the_place_tells_the_identity(environ: dict[str, str], kind: Kind) -> None:
    assert kind_of(environ) == kind


def test_the_identity_of_several_is_the_one_the_platform_names() -> None:
    assert client_id_of({"AZURE_CLIENT_ID": "ours", "DEFAULT_IDENTITY_CLIENT_ID": "compute's"}) == "ours"
    assert client_id_of({"DEFAULT_IDENTITY_CLIENT_ID": "compute's"}) == "compute's"
    assert client_id_of({}) is None


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        (WORKLOAD, WorkloadIdentityCredential),
        ({"AZURE_CLIENT_ID": "c"}, ManagedIdentityCredential),
        ({}, DefaultAzureCredential),
    ],
)
def test_tokens_come_from_that_identity(environ: dict[str, str], kind: type) -> None:
    assert type(credential(environ)) is kind


def test_a_client_secret_that_lies_around_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SECRET, "AZURE_CLIENT_ID": "c"}.items():
        monkeypatch.setenv(name, value)
    found = credential({})
    assert isinstance(found, DefaultAzureCredential)
    assert not any(isinstance(one, EnvironmentCredential) for one in found.credentials)


def test_no_key_and_no_connection_string_is_known_to_the_client() -> None:
    forbidden = {"AzureKeyCredential", "AzureNamedKeyCredential", "AzureSasCredential", "from_connection_string"}
    names = {name for file in CLIENT.glob("*.py") for name in _names(file)}
    assert names
    assert not {name for name in names if name in forbidden or name.endswith("SecretCredential")}


def test_nothing_that_deploys_imports_the_client() -> None:
    importers = [
        path
        for path in (REPOSITORY / "stacks").rglob("*.py")
        if CLIENT not in path.parents and "ml_workspace.client" in path.read_text(encoding="utf-8")
    ]
    assert importers == []


def _names(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return found | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
