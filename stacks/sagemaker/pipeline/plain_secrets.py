"""A definition holds no secret: DescribePipeline returns it in clear."""

import re
from typing import Any, Final

from stacks.sagemaker.pipeline.errors import DefinitionError

_LOOKS: Final = {
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a storage account key": r"AccountKey\s*=",
    "a shared access signature": r"[?&]sig=",
    "a JSON web token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.",
    "a GitHub token": r"\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,})",
    "a password in an address": r"://[^/\s:@]+:[^/\s:@]+@",
}
_NAME: Final = re.compile(r"passw(or)?d|secret|credential|api[_-]?key|access[_-]?key|(^|[_-])token$", re.IGNORECASE)


def check_no_secrets(step: str, value: Any, place: str = "") -> None:
    """Raise DefinitionError where a text in JSON data looks like a secret. The error does not hold the text."""
    if isinstance(value, dict):
        if _NAME.search(str(value.get("Name"))) and value.get("DefaultValue"):
            raise DefinitionError(step, f"parameter {value['Name']} has a default; secrets are read at run time")
        for key, inner in value.items():
            inner_place = f"{place}.{key}".lstrip(".")
            if isinstance(inner, str) and inner and _NAME.search(str(key)):
                raise DefinitionError(step, f"{inner_place} names a secret; let the job read it at run time")
            check_no_secrets(step, inner, inner_place)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            check_no_secrets(step, inner, f"{place}[{index}]")
    elif isinstance(value, str):
        for look, pattern in _LOOKS.items():
            if re.search(pattern, value):
                raise DefinitionError(step, f"{place} looks like {look}; let the job read it at run time")
