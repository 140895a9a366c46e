"""The key of a simulated environment's plan sets: a file in the state folder, made when it is first needed."""

import dataclasses
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.plan_set.errors import PlanSetKeyError, WrapRefusedError

FILE_NAME: Final = "plan-set-key"

_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@dataclasses.dataclass(frozen=True, kw_only=True)
class LocalKey:
    """A key of 32 random bytes, which wraps with AES-256-GCM."""

    secret: bytes = dataclasses.field(repr=False)

    @property
    def url(self) -> str:
        """Return a name that tells two such keys apart, and nothing of the key: part of a hash of 256 random bits."""
        return f"local:{hashlib.sha256(b'ml-platform plan-set-key' + self.secret).hexdigest()[:16]}"

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Return nonce and ciphertext of `data_key`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, data_key, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key. Raises WrapRefusedError."""
        nonce, ciphertext = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return AESGCM(self.secret).decrypt(nonce, ciphertext, context.encode())
        except (InvalidTag, ValueError):
            raise WrapRefusedError(url=self.url) from None


def local_key(state: Path) -> LocalKey:
    """Return the key in the state folder, made now if there is none. Raises PlanSetKeyError."""
    file = state / FILE_NAME
    try:
        if not file.exists():
            _make(file)
        secret = file.read_bytes()
    except OSError as error:
        problem = f"its file cannot be read or made ({error.strerror or type(error).__name__})"
        raise PlanSetKeyError(
            url=str(file), problem=problem, fix="name a state folder that can be written to"
        ) from None
    if len(secret) != _BYTES:
        problem = f"its file does not have {_BYTES} bytes"
        raise PlanSetKeyError(url=str(file), problem=problem, fix="delete it, and make the plan set again") from None
    return LocalKey(secret=secret)


def _make(file: Path) -> None:
    """Write beside and link into place: two first runs at once must agree on one key."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{FILE_NAME}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(os.urandom(_BYTES))
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
