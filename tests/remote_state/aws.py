"""AWS as far as state needs it: a bucket, a key, and an end to it in the middle of a run."""

import secrets
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from tests.remote_state.backend import Backend
from tests.unit.state_store.moto_aws import REGION, client

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Handler(MotoRequestHandler):
    """Closes each connection after its answer, so that nothing is answered any more once the service has stopped."""

    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  werkzeug names it
        """Say nothing."""


class Aws:
    """moto's server in this process. What it holds outlives a stop, as a bucket outlives a network that is down."""

    def __init__(self) -> None:
        # moto looks whether an object is there and writes it in two steps; S3 does so in one.
        self._application = _one_at_a_time(DomainDispatcherApplication(create_backend_app))
        self._server: BaseWSGIServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Answer; after a stop at the same port."""
        self._server = make_server("127.0.0.1", self.port, self._application, threaded=True, request_handler=_Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _one_at_a_time(application: Application) -> Application:
    turn = threading.Lock()

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with turn:
            return list(application(environ, start_response))

    return serve


@contextmanager
def running_s3() -> Generator[Backend]:
    """Yield an empty bucket with a key."""
    aws = Aws()
    aws.start()
    name = f"platform-state-{secrets.token_hex(4)}"  # moto's memory is one for the whole process
    try:
        made = {"LocationConstraint": REGION}
        client("s3", aws.url).create_bucket(Bucket=name, CreateBucketConfiguration=made)
        keys = client("kms", aws.url)
        keys.create_alias(AliasName=f"alias/{name}", TargetKeyId=keys.create_key()["KeyMetadata"]["KeyId"])
        place = f"endpoint=127.0.0.1:{aws.port}&disableSSL=true&s3ForcePathStyle=true&region={REGION}"
        yield Backend(
            url=f"s3://{name}?{place}",
            secrets_provider=f"awskms://alias/{name}?region={REGION}",
            variables={
                "AWS_ENDPOINT_URL": aws.url,
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_DEFAULT_REGION": REGION,
                "NO_PROXY": "127.0.0.1",
            },
            stop=aws.stop,
            start=aws.start,
        )
    finally:
        aws.stop()
