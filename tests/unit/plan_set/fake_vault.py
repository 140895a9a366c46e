"""A Key Vault of one key with versions, behind the SDK's own pipeline: no network."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from azure.core.pipeline.transport import RequestsTransport
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from requests.adapters import BaseAdapter

HOST = "kv-state.vault.azure.net"
URL = f"azurekeyvault://{HOST}/keys/plan-sets"
FIRST, SECOND = "1" * 32, "2" * 32

_OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
_PREHASHED = Prehashed(hashes.SHA256())


class FakeVault(BaseAdapter):
    """Answers as "Azure Key Vault REST API reference" says. refusals: status and code by operation, until taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.versions = {FIRST: rsa.generate_private_key(65537, 2048)}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.attributes: dict[str, Any] = {"enabled": True}
        self.asked: list[str] = []
        self.unreachable = False

    def transport(self) -> RequestsTransport:
        session = requests.Session()
        session.mount("https://", self)
        return RequestsTransport(session=session, session_owner=False)

    def rotate(self) -> None:
        self.versions[SECOND] = rsa.generate_private_key(65537, 2048)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        if self.unreachable:
            raise requests.ConnectionError("planted words")
        response = requests.Response()
        response.request, response.url = request, str(request.url)
        status, document = self._answer(request)
        response.status_code = status
        response.headers["Content-Type"] = "application/json"
        if status == 401:
            login = "https://login.microsoftonline.com/5a4d0b0c-0000-4000-8000-00000000a001"
            response.headers["WWW-Authenticate"] = f'Bearer authorization="{login}", resource="https://vault.azure.net"'
        response.raw = _Body(json.dumps(document).encode())
        return response

    def close(self) -> None:
        """Hold nothing."""

    def _answer(self, request: requests.PreparedRequest) -> tuple[int, Mapping[str, Any]]:
        if "Authorization" not in request.headers:
            return 401, {}
        parts = [*urlsplit(str(request.url)).path.strip("/").split("/"), "", ""]
        assert parts[:2] == ["keys", "plan-sets"]
        operation = parts[3] or "get"
        self.asked.append(operation)
        if operation in self.refusals:
            return _error(*self.refusals[operation])
        version = parts[2] or list(self.versions)[-1]
        if version not in self.versions:
            return _error(404, "KeyNotFound")
        body = json.loads(request.body) if isinstance(request.body, str | bytes) else {}
        return 200, self._done(operation, version, body)

    def _done(self, operation: str, version: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        key = self.versions[version]
        kid = f"https://{HOST}/keys/plan-sets/{version}"
        value = _unb64(str(body.get("value", "")))
        if operation == "get":
            public = key.public_key().public_numbers()
            numbers = {"n": _number(public.n), "e": _number(public.e)}
            operations = ["wrapKey", "unwrapKey", "sign", "verify"]
            return {"key": {"kid": kid, "kty": "RSA", "key_ops": operations, **numbers}, "attributes": self.attributes}
        if operation == "unwrapkey":
            assert body["alg"] == "RSA-OAEP-256"
            return {"kid": kid, "value": _b64(key.decrypt(value, _OAEP))}
        if operation == "sign":
            assert body["alg"] == "PS256"
            return {"kid": kid, "value": _b64(key.sign(value, _PSS, _PREHASHED))}
        raise AssertionError(f"{operation} can be done with the public half")

    def signed_by(self, version: str, digest: bytes, signature: bytes) -> bool:
        try:
            self.versions[version].public_key().verify(signature, digest, _PSS, _PREHASHED)
        except InvalidSignature:
            return False
        return True

    def wrapped_by_a_stranger(self, data_key: bytes, version: str = FIRST) -> bytes:
        """Return a data key that was wrapped with the public half alone."""
        return self.versions[version].public_key().encrypt(data_key, _OAEP)


class _Body:
    """The raw body of a response, as urllib3 gives it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def stream(self, *_: Any, **__: Any) -> list[bytes]:
        data, self._data = self._data, b""
        return [data] if data else []

    def read(self, *_: Any, **__: Any) -> bytes:
        data, self._data = self._data, b""
        return data

    def release_conn(self) -> None:
        """Hold nothing."""

    def close(self) -> None:
        """Hold nothing."""


def _error(status: int, code: str) -> tuple[int, Mapping[str, Any]]:
    return status, {"error": {"code": code, "message": "planted words"}}


def _number(number: int) -> str:
    return _b64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
