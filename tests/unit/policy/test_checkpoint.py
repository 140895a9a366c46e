"""Resources are read from a stack's state."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.policy.checkpoint import resources_of_checkpoint
from shared.policy.errors import StateUnreadableError
from shared.policy.resource import Resource

URN = "urn:pulumi:prod::key_vault::azure-native:keyvault:Vault::cmk-vault"
ENTRY: dict[str, Any] = {"urn": URN, "custom": True, "type": "azure-native:keyvault:Vault", "id": "/a/b"}


def read(folder: Path, *entries: dict[str, Any]) -> tuple[Resource, ...]:
    file = folder / "prod.json"
    file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": entries}}}))
    return resources_of_checkpoint(file, stack="key_vault", work=folder, roots=(folder,))


def test_a_resource_has_its_names_and_its_properties_without_secrets(tmp_path: Path) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    (found,) = read(tmp_path, {**ENTRY, "inputs": {"value": secret}, "outputs": {"name": "kv"}})
    assert (found.stack, found.name, found.id) == ("key_vault", "cmk-vault", "/a/b")
    assert found.inputs == {"value": "concealed"}
    assert found.outputs == {"name": "kv"}


@pytest.mark.parametrize(
    "other",
    [
        {**ENTRY, "custom": False, "type": "mlplatform:network:PrivateEndpoint"},
        {**ENTRY, "type": "pulumi:providers:aws"},
        {**ENTRY, "type": "pulumi:pulumi:StackReference"},
        {**ENTRY, "delete": True},
    ],
)
def test_components_providers_references_and_what_goes_are_no_resources(tmp_path: Path, other: dict[str, Any]) -> None:
    assert read(tmp_path, other) == ()


@pytest.mark.parametrize(
    ("text", "problem"), [("{", "is not JSON"), ("[]", "not a checkpoint"), ('{"checkpoint": {}}', "not a checkpoint")]
)
def test_a_state_that_cannot_be_read_is_an_error_and_not_an_empty_one(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "prod.json"
    file.write_text(text)
    with pytest.raises(StateUnreadableError, match=problem) as caught:
        resources_of_checkpoint(file, stack="key_vault", work=tmp_path, roots=())
    assert caught.value.file == file


def test_a_missing_state_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StateUnreadableError, match="No such file"):
        resources_of_checkpoint(tmp_path / "prod.json", stack="key_vault", work=tmp_path, roots=())
