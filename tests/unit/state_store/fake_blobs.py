"""An Azure Blob Storage of one container in this process: as much of it as the state store asks for."""

import base64
import dataclasses
import hashlib
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

ACCOUNT = "devstoreaccount1"
CONTAINER = "state"
KEY = base64.b64encode(b"k" * 64).decode()
MOMENT = "Sat, 21 Nov 2026 17:00:00 GMT"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Blobs:
    """A running service. url: of the backend; blobs: by name; authorizations: the headers that came."""

    url: str
    blobs: dict[str, bytes]
    authorizations: list[str]


def tag_of(content: bytes) -> str:
    """Return the entity tag of a blob with this content: one for each content, unlike the service's own."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


@contextmanager
def running_blobs() -> Generator[Blobs]:
    """Serve on a free port of this machine until the block ends ("Blob service REST API", Azure)."""
    blobs: dict[str, bytes] = {}
    authorizations: list[str] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            authorizations.append(self.headers.get("authorization", ""))
            parts = urlsplit(self.path)
            _, container, name = unquote(parts.path).rstrip("/").partition(f"/{ACCOUNT}/{CONTAINER}")
            name = name.lstrip("/")
            if not container:
                self._answer(404, b"<Error><Code>ContainerNotFound</Code></Error>")
                return
            with lock:
                if self.command == "PUT":
                    self._put(name, content)
                elif self.command == "POST":
                    self._batch(content.decode())
                elif not name:
                    self._list(parse_qs(parts.query).get("prefix", [""])[0])
                elif name in blobs:
                    self._answer(200, blobs[name], tag=tag_of(blobs[name]))
                else:
                    self._answer(404, b"<Error><Code>BlobNotFound</Code></Error>")

        def _put(self, name: str, content: bytes) -> None:
            if self.headers.get("if-none-match") == "*" and name in blobs:
                self._answer(409, b"<Error><Code>BlobAlreadyExists</Code></Error>")
                return
            expected = self.headers.get("if-match")
            if expected and (name not in blobs or expected != tag_of(blobs[name])):
                self._answer(412, b"<Error><Code>ConditionNotMet</Code></Error>")
                return
            blobs[name] = content
            self._answer(201, tag=tag_of(content))

        def _batch(self, content: str) -> None:
            """Answer a batch of deletions: the client sends even a single one so."""
            parts: list[str] = []
            for number, path in enumerate(re.findall(r"^DELETE (\S+) HTTP/1.1", content, re.MULTILINE)):
                name = unquote(urlsplit(path).path).partition(f"/{CONTAINER}/")[2]
                gone = blobs.pop(name, None) is None
                status = "404 The specified blob does not exist." if gone else "202 Accepted"
                code = "x-ms-error-code: BlobNotFound\r\n" if gone else ""
                head = f"Content-Type: application/http\r\nContent-ID: {number}"
                parts.append(f"--batch\r\n{head}\r\n\r\nHTTP/1.1 {status}\r\n{code}x-ms-version: 1\r\n\r\n")
            self._answer(202, ("".join(parts) + "--batch--").encode(), "multipart/mixed; boundary=batch")

        def _list(self, prefix: str) -> None:
            found = "".join(
                f"<Blob><Name>{escape(name)}</Name><Properties><Last-Modified>{MOMENT}</Last-Modified>"
                f"<Content-Length>{len(content)}</Content-Length><Content-Type>text/plain</Content-Type>"
                "<Etag>0x1</Etag></Properties></Blob>"
                for name, content in sorted(blobs.items())
                if name.startswith(prefix)
            )
            document = f"<EnumerationResults><Blobs>{found}</Blobs><NextMarker /></EnumerationResults>"
            self._answer(200, document.encode())

        def _answer(self, status: int, content: bytes = b"", kind: str = "application/xml", tag: str = "0x1") -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.send_header("etag", tag)
            self.send_header("last-modified", MOMENT)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = _serve  # noqa: N815  the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    url = f"azblob://{CONTAINER}?storage_account={ACCOUNT}&domain=127.0.0.1:{server.server_address[1]}"
    try:
        yield Blobs(url=f"{url}&protocol=http&localemu=true", blobs=blobs, authorizations=authorizations)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
