from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from stacks.ml_workspace.client.caller import Caller
from tests.unit.ml_workspace.client.local_service import Answer, Asked, Service, StandIn, service, write_certificate

Serve = Callable[[Callable[[Asked], Answer]], AbstractContextManager[Service]]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def serve(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Return a function that serves, on an address whose certificate the libraries trust."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return lambda answer: service(certificate.parent, answer)


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def caller(stand_in: StandIn) -> Caller:
    return Caller(credential=stand_in, retries=0)
