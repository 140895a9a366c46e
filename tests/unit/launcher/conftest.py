"""A clone as small as the launcher allows: its lock asks for two stub packages that a local folder serves."""

import base64
import dataclasses
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uv

REPOSITORY = Path(__file__).parents[3]
# Stands for Invoke: tells where and how it was started, and ends as it was asked to.
STUB_INVOKE = """
import importlib.util, json, os, sys
print(json.dumps({
    "arguments": sys.argv[1:], "folder": os.getcwd(), "pid": os.getpid(), "terminal": sys.stdout.isatty(),
    "prefix": sys.prefix, "extra": importlib.util.find_spec("extra") is not None,
    "shared": importlib.util.find_spec("shared").origin,
    "streams": None not in (sys.stdin, sys.stdout, sys.stderr),
}))
sys.exit(int(os.environ.get("STUB_EXIT", "0")))
"""


@dataclasses.dataclass(frozen=True)
class Clone:
    """A clone of the launcher and what it needs. root: its folder; environment: what it is run with."""

    root: Path
    environment: dict[str, str]

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        return self.venv / "inv-stamp"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "inv"), *arguments]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def answer(self, *arguments: str, **environment: str) -> dict[str, Any]:
        result = self.run(*arguments, folder=None, **environment)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)


def make_wheel(folder: Path, name: str, module: str) -> str:
    """Write a wheel with one package that has one __main__ module; return its line in a lock."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{_record_hash(text)},{len(text)}\n" for path, text in files.items())
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _record_hash(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the stub packages, and the line of each in a lock."""
    folder = tmp_path_factory.mktemp("packages")
    return folder, {
        "invoke": make_wheel(folder, "invoke", STUB_INVOKE),
        "extra": make_wheel(folder, "extra", ""),
    }


@pytest.fixture(scope="session")
def uv_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PATH with the real uv and nothing else."""
    folder = tmp_path_factory.mktemp("uv")
    (folder / "uv").symlink_to(uv.find_uv_bin())
    return folder


@pytest.fixture
def plain_clone(tmp_path: Path, packages: tuple[Path, dict[str, str]]) -> Clone:
    """A fresh clone on a machine without uv."""
    folder, lines = packages
    root = tmp_path / "clone"
    (root / "requirements").mkdir(parents=True)
    (root / "shared").mkdir()
    (root / "shared" / "__init__.py").touch()
    shutil.copy(REPOSITORY / "inv", root / "inv")
    (root / "requirements" / "project.txt").write_text(lines["invoke"])
    environment = {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    # How a machine is configured is all that tells uv and pip where packages are.
    environment |= {"UV_OFFLINE": "1", "UV_FIND_LINKS": str(folder)}
    environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    return Clone(root, environment)


@pytest.fixture
def clone(plain_clone: Clone, uv_folder: Path) -> Clone:
    """A fresh clone on a machine with uv."""
    path = f"{uv_folder}{os.pathsep}{plain_clone.environment['PATH']}"
    return Clone(plain_clone.root, plain_clone.environment | {"PATH": path})


@pytest.fixture
def launcher() -> ModuleType:
    """The launcher as a module, freshly imported."""
    loader = importlib.machinery.SourceFileLoader("launcher_under_test", str(REPOSITORY / "inv"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
