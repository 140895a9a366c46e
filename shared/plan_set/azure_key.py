"""A key of Azure Key Vault that wraps data keys.

The key is RSA, and wraps with RSA-OAEP-256 ("About keys", Azure Key Vault). Two things follow from that:

- Everyone who knows the public half could wrap a data key, so each wrapped key is also signed (PS256), with the
  environment's name and the key's version: who may sign decides who can make plan sets. The signature is checked before
  anything is unwrapped.
- Each rotation makes a new version, and only the version that wrapped can unwrap: it is kept with the wrapped key.
"""

import base64
import binascii
import dataclasses
import hashlib
import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from shared.plan_set.errors import PlanSetKeyError, WrapRefusedError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.keyvault.keys import KeyVaultKey
    from azure.keyvault.keys.crypto import CryptographyClient

_PURPOSE: Final = b"ml-platform plan set"
_VERSION: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PATH: Final = re.compile(r"/keys/(?P<name>[A-Za-z0-9-]+)(/(?P<version>[0-9a-f]{32}))?", re.ASCII)
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_BAD_REQUEST: Final = 400
_ALLOW: Final = "ask for get, sign and wrapKey on it to save plan sets, and for get and unwrapKey to deploy them"


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Wrapped:
    """What stands in a plan set. version: of the key; key: the wrapped data key; signature: of both and the context."""

    version: str
    key: bytes
    signature: bytes

    def digest(self, context: str) -> bytes:
        """Return what is signed. A version has a fixed length, and a context no zero byte: no two inputs read alike."""
        return hashlib.sha256(b"\0".join((_PURPOSE, context.encode(), self.version.encode(), self.key))).digest()

    def encoded(self) -> bytes:
        """Return it as JSON."""
        fields = {"key": _text(self.key), "signature": _text(self.signature), "version": self.version}
        return json.dumps(fields, sort_keys=True).encode()


@dataclasses.dataclass(frozen=True, kw_only=True)
class AzureKey:
    """A key of a vault. version: the one to use, None for the newest. credential and options: of the SDK's clients."""

    url: str
    vault: str
    name: str
    version: str | None
    credential: "TokenCredential" = dataclasses.field(repr=False)
    options: tuple[tuple[str, Any], ...] = dataclasses.field(repr=False, default=())

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Return the wrapped and signed `data_key`. Raises PlanSetKeyError."""
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm, SignatureAlgorithm

        with self._answering():
            key = self._key(self.version)
            with self._cryptography(key) as client:
                wrapped = client.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, data_key).encrypted_key
                unsigned = _Wrapped(version=str(key.properties.version), key=wrapped, signature=b"")
                signature = client.sign(SignatureAlgorithm.ps256, unsigned.digest(context)).signature
        return dataclasses.replace(unsigned, signature=signature).encoded()

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key. Raises PlanSetKeyError, WrapRefusedError."""
        from azure.core.exceptions import HttpResponseError
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm, SignatureAlgorithm

        found = self._decoded(wrapped)
        with self._answering():
            key = self._key_that_wrapped(found.version)
            with self._cryptography(key) as client:
                if not client.verify(SignatureAlgorithm.ps256, found.digest(context), found.signature).is_valid:
                    raise WrapRefusedError(url=self.url)
                try:
                    return client.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, found.key).key
                except HttpResponseError as error:
                    if error.status_code == _BAD_REQUEST:
                        raise WrapRefusedError(url=self.url) from None
                    raise

    def _decoded(self, wrapped: bytes) -> _Wrapped:
        try:
            fields = json.loads(wrapped)
            found = _Wrapped(
                version=fields["version"], key=_bytes(fields["key"]), signature=_bytes(fields["signature"])
            )
            known = self.version in (None, found.version) and _VERSION.fullmatch(found.version)
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
            raise WrapRefusedError(url=self.url) from None
        if not known:
            raise WrapRefusedError(url=self.url)
        return found

    def _key_that_wrapped(self, version: str) -> "KeyVaultKey":
        from azure.core.exceptions import ResourceNotFoundError

        try:
            return self._key(version)
        except ResourceNotFoundError:
            # Where the key is there at all, the file names a version that the key never had.
            self._key(None)
            raise WrapRefusedError(url=self.url) from None

    def _key(self, version: str | None) -> "KeyVaultKey":
        from azure.keyvault.keys import KeyClient

        with KeyClient(self.vault, self.credential, **dict(self.options)) as client:
            return client.get_key(self.name, version)

    def _cryptography(self, key: "KeyVaultKey") -> "CryptographyClient":
        from azure.keyvault.keys.crypto import CryptographyClient

        return CryptographyClient(key, self.credential, **dict(self.options))

    @contextmanager
    def _answering(self) -> Generator[None]:
        """Turn what the SDK raises into PlanSetKeyError. Only kinds and codes: texts may quote a token's claims."""
        from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

        try:
            yield
        except ClientAuthenticationError:
            raise self._unusable("the login gives no token", "run az login, or set the ARM_* variables") from None
        except HttpResponseError as error:
            raise self._refusal(error.status_code, getattr(error.error, "code", None)) from None
        except AzureError as error:
            fix = "check that the vault's name is right and that its network lets this machine in"
            raise self._unusable(f"the vault did not answer ({type(error).__name__})", fix) from None
        except ValueError:
            # The SDK's word for a key outside its dates (raise_if_time_invalid), or one that is not RSA.
            raise self._unusable("it has expired, is not valid yet, or is no RSA key", "rotate or replace it") from None

    def _refusal(self, status: int | None, code: str | None) -> PlanSetKeyError:
        if status == _NOT_FOUND:
            return self._unusable("it is not there", "name a key that exists in state.plan_set_key")
        said = f"the vault refused with {status} {code or ''}".rstrip()
        return self._unusable(said, _ALLOW if status == _FORBIDDEN else "try again later")

    def _unusable(self, problem: str, fix: str) -> PlanSetKeyError:
        return PlanSetKeyError(url=self.url, problem=problem, fix=fix)


def azure_key(url: str, *, subscription: str, credential: "TokenCredential | None" = None, **options: Any) -> AzureKey:
    """Return the key that an `azurekeyvault://` URL means, in the form of Pulumi's secrets providers.

    subscription: whose login the Azure CLI is asked for; credential: another login; options: of the SDK's clients.
    Raises PlanSetKeyError for another URL.
    """
    from shared.reserved_names.azure_credential import credential as login

    parts = urlsplit(url)
    path = _PATH.fullmatch(parts.path)
    if parts.scheme != "azurekeyvault" or not parts.netloc or path is None or parts.query:
        fix = "write it as azurekeyvault://VAULT.vault.azure.net/keys/NAME"
        raise PlanSetKeyError(url=url, problem="its URL is not one of a key in Azure Key Vault", fix=fix)
    return AzureKey(
        url=url,
        vault=f"https://{parts.netloc}",
        name=path["name"],
        version=path["version"],
        credential=credential or login(subscription),
        options=tuple(options.items()),
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
