"""The encrypted file: one line of JSON that says how to open it, then the content under AES-256-GCM.

The line is authenticated with the content (NIST SP 800-38D: associated data), so no bit of either can change. The data
key is fresh for each file; the key that wraps it is the environment's, never one that the file names: a file that could
choose its key could be made by anyone.
"""

import base64
import binascii
import json
import os
import re
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.plan_set.errors import WrapRefusedError
from shared.plan_set.keys import PlanSetKey
from shared.plan_set.packing import ContentError

FORMAT: Final = "ml-platform plan set"
FORMAT_VERSION: Final = 1

_MAX_HEADER: Final = 16 * 1024
_DATA_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TEXT: Final = re.compile(r"[ -~]{1,200}", re.ASCII)
_DAMAGED: Final = "it was changed or cut off since it was written"
_STRANGE: Final = "it is no plan set"

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+=*$")]


class _Header(BaseModel):
    """The first line. key: the URL of the key that wrapped the data key."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["ml-platform plan set"]
    version: Literal[1]
    environment: str
    key: str
    wrapped_key: Base64
    nonce: Base64


def seal(content: bytes, *, environment: str, key: PlanSetKey) -> bytes:
    """Return the file that holds `content` for `environment`. Raises PlanSetKeyError."""
    data_key, nonce = os.urandom(_DATA_KEY_BYTES), os.urandom(_NONCE_BYTES)
    header = _Header(
        format=FORMAT,
        version=FORMAT_VERSION,
        environment=environment,
        key=key.url,
        wrapped_key=base64.b64encode(key.wrap(data_key, environment)).decode(),
        nonce=base64.b64encode(nonce).decode(),
    )
    line = header.model_dump_json().encode() + b"\n"
    return line + AESGCM(data_key).encrypt(nonce, content, line)


def unseal(data: bytes, *, environment: str, key: PlanSetKey) -> bytes:
    """Return the content of a file that was made for `environment`. Raises ContentError, PlanSetKeyError."""
    end = data.find(b"\n", 0, _MAX_HEADER) + 1
    line, ciphertext = data[:end], data[end:]
    header = _header(line)
    elsewhere = _made_for_another(header, environment, key.url)
    if elsewhere:
        raise ContentError(*elsewhere)
    try:
        data_key = key.unwrap(base64.b64decode(header.wrapped_key, validate=True), environment)
        return AESGCM(data_key).decrypt(base64.b64decode(header.nonce, validate=True), ciphertext, line)
    except (InvalidTag, WrapRefusedError, binascii.Error, ValueError):
        raise ContentError(_DAMAGED) from None


def _header(line: bytes) -> _Header:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ContentError(_STRANGE) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ContentError(_STRANGE)
    version = found.get("version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise ContentError(f"its format has version {version}, and this program reads {FORMAT_VERSION}")
    try:
        return _Header.model_validate_json(line)
    except ValidationError:
        raise ContentError(_DAMAGED) from None


def _made_for_another(header: _Header, environment: str, url: str) -> tuple[str, ...]:
    wrong: list[str] = []
    if header.environment != environment:
        wrong.append(f"it was made for {_shown(header.environment)}, and this is {environment}")
    if header.key != url:
        wrong.append(f"it was encrypted with the key {_shown(header.key)}, and the environment's is {url}")
    return tuple(wrong)


def _shown(text: str) -> str:
    """Return what a header says, which anyone may have written there."""
    return text if _TEXT.fullmatch(text) else "another"
