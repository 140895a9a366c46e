"""`Pulumi.<env>.yaml` holds how a stack's secrets are encrypted and encrypted values, nothing else.

Facts of an environment live in environments/; a value in clear beside the secrets is a mistake, often a secret that
was set without `--secret`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from shared.checks.repository_files import repository_files
from shared.checks.result import CheckResult, failed, passed

# The keys that the Pulumi CLI writes for a secrets provider (Pulumi documentation, "Stack settings file reference").
ENCRYPTION_KEYS = frozenset({"secretsprovider", "encryptedkey", "encryptionsalt"})


def find_plain_settings(text: str) -> Iterator[str]:
    """Yield what is wrong with one settings file: keys only, values may be secrets."""
    try:
        settings: object = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        yield "is not YAML"
        return
    if settings is None:
        return
    if not isinstance(settings, dict):
        yield "is not a mapping"
        return
    sections = cast("dict[object, object]", settings)
    for key in sorted(map(str, sections.keys() - ENCRYPTION_KEYS - {"config"})):
        yield f"has {key!r}, which does not belong here"
    config = sections.get("config") or {}
    if not isinstance(config, dict):
        yield "has a 'config' that is not a mapping"
        return
    for key, value in cast("dict[object, object]", config).items():
        if not isinstance(value, dict) or set(cast("dict[object, object]", value)) != {"secure"}:
            yield f"has {key!r} in clear"


def check_stack_settings(root: Path) -> CheckResult:
    """Check every `Pulumi.<env>.yaml` of the repository."""
    findings = [
        f"{path.as_posix()}: {problem}"
        for path in repository_files(root)
        if path.match("Pulumi.*.yaml")
        for problem in find_plain_settings((root / path).read_text(encoding="utf-8", errors="replace"))
    ]
    if not findings:
        return passed()
    return failed(
        findings, fix="set secrets with `invoke secret set KEY --stack S --env E`; other values go to environments/"
    )
