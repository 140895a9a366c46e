"""Run Checkov on rendered documents, without a network and without anybody's settings."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from shared.engine.errors import last_words
from shared.policy.errors import CheckovFailedError
from shared.policy.rendered import Rendered

_LIMIT_SECONDS = 300
# Nothing listens there: whatever would call out in spite of the options fails at once.
_NOWHERE = "http://127.0.0.1:9"
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
_OPTIONS = ("--output", "json", "--soft-fail", "--skip-download", "--download-external-modules", "false")


def run_checkov(python: Path, rendered: Sequence[Rendered]) -> str:
    """Return what Checkov says about documents, as its JSON. python: of its environment. Raises CheckovFailedError."""
    # Made by mkdtemp: nobody else can read what is deployed.
    with tempfile.TemporaryDirectory(prefix="ml-platform-policy-") as name:
        folder = Path(name)
        files = [_written(folder, one) for one in rendered]
        command = [str(python), "-I", "-m", "checkov.main", *_OPTIONS]
        for file in files:
            command += ["--file", str(file)]
        command += ["--framework", *(one.framework for one in rendered)]
        return _answer(command, folder)


def _written(folder: Path, rendered: Rendered) -> Path:
    file = folder / f"{rendered.framework}.json"
    # Indented: Checkov takes a resource for the lines that it stands on.
    file.write_text(json.dumps(rendered.document, indent=1, sort_keys=True))
    return file


def _answer(command: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_variables(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CheckovFailedError(problem=f"it did not end within {_LIMIT_SECONDS} s") from None
    except OSError as error:
        raise CheckovFailedError(problem=f"it cannot be run: {error.strerror or error}") from None
    if done.returncode:
        said = last_words(done.stderr) or last_words(done.stdout)
        raise CheckovFailedError(problem=f"it ended with code {done.returncode}: {said}")
    return done.stdout


def _variables(folder: Path) -> dict[str, str]:
    """Return its environment: no variable, no home with settings that take checks away or name a platform."""
    kept = {name: value for name in _KEPT if (value := os.environ.get(name))}
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), _NOWHERE)
    return {
        **kept,
        **proxies,
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "LOG_LEVEL": "ERROR",
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
        "PYTHONUTF8": "1",
    }
