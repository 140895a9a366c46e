"""The small platform with its state in a backend that is shared."""

import shutil
from pathlib import Path

from tests.remote_state.backend import Backend
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform


def platform_on(folder: Path, backend: Backend) -> PlatformCopy:
    """Return a copy of the small platform whose environment names `backend`."""
    made = small_platform(folder)
    made.change("environments/sandbox.yaml", "backend: file://.sandbox/state", f"backend: {backend.url}")
    made.change(
        "environments/sandbox.yaml", "secrets_provider: passphrase", f"secrets_provider: {backend.secrets_provider}"
    )
    return made


def from_an_empty_work_directory(platform: PlatformCopy) -> None:
    """Take away what another machine would not have. The clouds stay, and the passphrase of who has one."""
    for name in ("work", "home"):
        shutil.rmtree(platform.state / name)
