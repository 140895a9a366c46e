"""`Pulumi.<env>.yaml` holds encrypted values and how they are encrypted."""

from pathlib import Path

import pytest

from shared.checks.result import CheckResult
from shared.checks.stack_settings import check_stack_settings, find_plain_settings

GOOD = """\
secretsprovider: awskms://alias/key
encryptedkey: abc
encryptionsalt: v1:abc
config:
  key_vault:password:
    secure: v1:abc
"""


@pytest.mark.parametrize("text", ["", GOOD, "config: {}\n", "config:\n"])
def test_encrypted_values_pass(text: str) -> None:
    assert list(find_plain_settings(text)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("config:\n  key_vault:password: hunter2\n", "has 'key_vault:password' in clear"),
        ("config:\n  a:b: {secure: v1:x, plain: hunter2}\n", "has 'a:b' in clear"),
        ("config:\n  a:b: [hunter2]\n", "has 'a:b' in clear"),
        ("config: [hunter2]\n", "has a 'config' that is not a mapping"),
        ("environment: [hunter2]\n", "has 'environment', which does not belong here"),
        ("[hunter2]\n", "is not a mapping"),
        ("config: {hunter2\n", "is not YAML"),
    ],
)
def test_anything_else_is_found_and_no_value_is_shown(text: str, problem: str) -> None:
    assert list(find_plain_settings(text)) == [problem]
    assert "hunter2" not in problem


def test_every_settings_file_is_looked_at(repository: Path) -> None:
    assert check_stack_settings(repository) == CheckResult(ok=True)
    (repository / "stacks/key_vault/Pulumi.prod.yaml").write_text("config:\n  key_vault:password: hunter2\n")

    result = check_stack_settings(repository)

    assert result.detail == "stacks/key_vault/Pulumi.prod.yaml: has 'key_vault:password' in clear"
