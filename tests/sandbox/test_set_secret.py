"""A secret of a real environment goes encrypted into its tracked settings, and nowhere else."""

import io
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.commands import set_secret
from shared.commands.arguments import Options, UsageError
from shared.commands.set_secret import secret
from shared.engine import find_engine
from shared.environment import load
from shared.orchestration.session import Session
from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox
PLANTED = "planted-value-51c2"


@pytest.fixture
def bootstrapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose environment `sandbox` is treated as a real one that was bootstrapped; the stack's folder."""
    root = small_platform(tmp_path).root
    folder = root / "stacks" / "lower"
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase of this test", encoding="utf-8")
    (tmp_path / "state").mkdir()
    variables = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    engine = find_engine(lambda _: None)
    made = [str(engine.path), "--non-interactive", "stack", "init", "sandbox"]
    subprocess.run(made, cwd=folder, env={**os.environ, **variables}, check=True, capture_output=True)

    @contextmanager
    def real(*_: object, clouds: bool) -> Generator[Session]:
        assert not clouds
        environment = load("sandbox", root)
        work = tmp_path / "work"
        yield Session(
            environment=environment, root=root, variables=variables, work=work, secrets_provider=None, inventory=None
        )

    monkeypatch.setattr(set_secret, "session_of", real)
    return folder


def options(folder: Path) -> Options:
    return Options(root=folder.parents[1], env="sandbox", action="set", key="api-token", stack="lower")


def test_the_value_is_encrypted_into_the_tracked_settings(
    bootstrapped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PLANTED}\n"))
    assert secret(options(bootstrapped)) == 0
    settings = (bootstrapped / "Pulumi.sandbox.yaml").read_text(encoding="utf-8")
    assert "lower:api-token:\n    secure: v1:" in settings
    said = capsys.readouterr()
    assert PLANTED not in said.out + said.err
    everything = [file for file in bootstrapped.parents[2].rglob("*") if file.is_file()]
    assert [file for file in everything if PLANTED.encode() in file.read_bytes()] == []
    assert sorted(file.name for file in bootstrapped.glob(".*")) == []


def test_an_empty_value_changes_nothing(bootstrapped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (bootstrapped / "Pulumi.sandbox.yaml").read_text(encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    with pytest.raises(UsageError, match="standard input: is empty"):
        secret(options(bootstrapped))
    assert (bootstrapped / "Pulumi.sandbox.yaml").read_text(encoding="utf-8") == before
