"""The backends, each started once for the tests of a module."""

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import pytest

from tests.remote_state.aws import running_s3
from tests.remote_state.azure import running_blobs
from tests.remote_state.backend import Backend
from tests.remote_state.platform import platform_on
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform

BACKENDS = ("file", "s3", "azblob")


@contextmanager
def logged_in(backend: Backend) -> Generator[None]:
    """Set the variables of a backend, and no other login, for every command that is run meanwhile."""
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith(("AWS_", "AZURE_STORAGE_")):
            del os.environ[name]
    os.environ.update(backend.variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module", params=BACKENDS)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[PlatformCopy]:
    """Yield the small platform, not deployed, on each backend."""
    folder = tmp_path_factory.mktemp("shared")
    if request.param == "file":
        yield small_platform(folder)
        return
    with ExitStack() as stack:
        if request.param == "s3":
            backend = stack.enter_context(running_s3())
        else:
            backend = stack.enter_context(running_blobs(tmp_path_factory.mktemp("azurite")))
        stack.enter_context(logged_in(backend))
        yield platform_on(folder, backend)
