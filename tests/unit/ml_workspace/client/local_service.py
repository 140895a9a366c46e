"""An HTTPS server on this machine that answers as a test says, and keeps what it was asked."""

import dataclasses
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from azure.core.credentials import AccessToken
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TOKEN = "eyJ-this-is-the-token"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, as it came. headers: by their names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """What the service answers. kind: the content type."""

    body: str
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Service:
    """A running service."""

    url: str
    asked: list[Asked]


class StandIn:
    """A credential that gives one token, and keeps for which scopes it was asked."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        self.scopes.extend(scopes)
        return AccessToken(TOKEN, int(datetime.datetime.now(datetime.UTC).timestamp()) + 3600)


@contextmanager
def service(folder: Path, answer: Callable[[Asked], Answer]) -> Generator[Service]:
    """Serve until the block ends. folder: has `certificate` and `key`, as `write_certificate` writes them."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(method=self.command, path=self.path, headers=headers, body=self.rfile.read(length))
            asked.append(request)
            found = answer(request)
            self.send_response(found.status)
            for name, value in {**found.headers, "content-type": found.kind}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(found.body.encode())))
            self.end_headers()
            self.wfile.write(found.body.encode())

        do_GET = do_POST = _serve  # noqa: N815  the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Service(url=f"https://127.0.0.1:{server.server_address[1]}", asked=asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_certificate(folder: Path) -> Path:
    """Write a certificate of this machine and its key, and return the certificate's path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path = folder / "certificate"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
