"""A build that is killed in the middle, in real processes, with a Go that is a shell script."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from shared.engine import find_engine
from shared.engine.releases import BUILT
from shared.engine.this_machine import ThisMachine
from tests.unit.engine.test_this_machine import wait_until_gone

HALF_A_BUILD = """
    printf 'half of' > "$engine"
    echo $$ > {noted}.tmp && mv {noted}.tmp {noted}
    exec sleep 60
"""
WHOLE_BUILD = """
    printf '#!/bin/sh\\necho v{version}\\n' > "$engine" && chmod +x "$engine"
"""
GO = """\
#!/bin/sh
[ "$1" = env ] && echo go1.99.0 && exit
while [ "$1" != -o ]; do shift; done
engine="$2" && mkdir -p "$(dirname "$engine")"
"""
RUN = """\
import sys
from pathlib import Path
from shared.engine import find_engine
from shared.engine.this_machine import ThisMachine
find_engine(print, machine=ThisMachine(cache=Path(sys.argv[1]), python=Path(sys.argv[2])))
"""


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def fake_go(folder: Path, build: str) -> None:
    script(folder / "bin" / "go", GO + textwrap.dedent(build).format(noted=folder / "process", version=BUILT))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ThisMachine:
    """Without an engine on PATH; its Python, which would download the release, only fails."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return ThisMachine(cache=tmp_path / "cache", python=script(tmp_path / "no-network", "#!/bin/sh\nexit 1\n"))


@pytest.fixture
def half_built(machine: ThisMachine, tmp_path: Path) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    """A run that builds, and the process of its Go, which has written half of the engine."""
    fake_go(tmp_path, HALF_A_BUILD)
    command = [sys.executable, "-c", RUN, str(machine.cache), str(machine.python)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        go = _noted(tmp_path / "process")
        yield run, go
        run.kill()
    try:
        os.kill(go, signal.SIGKILL)
    except ProcessLookupError:
        return


def _noted(file: Path) -> int:
    deadline = time.monotonic() + 20
    while not file.exists():
        assert time.monotonic() < deadline, "the build did not begin"
        time.sleep(0.02)
    return int(file.read_text())


def _press_ctrl_c(run: subprocess.Popen[bytes]) -> None:
    """Press it as a person does, again where nothing happens: Python drops one that arrives inside a finalizer."""
    for _ in range(10):
        run.send_signal(signal.SIGINT)
        try:
            run.wait(2)
        except subprocess.TimeoutExpired:
            continue
        return
    raise AssertionError("Ctrl-C does not end it")


def find_after(machine: ThisMachine, folder: Path) -> None:
    fake_go(folder, WHOLE_BUILD)
    engine = find_engine(lambda _line: None, machine=machine)
    assert engine.origin == "build"
    assert engine.version == str(BUILT)
    assert subprocess.check_output([engine.path, "version"], text=True).strip() == f"v{BUILT}"
    assert sorted(path.name for path in machine.cache.iterdir() if path.name != "install.lock") == [f"v{BUILT}"]


def test_a_run_that_is_killed_leaves_no_broken_engine_and_no_lock(
    machine: ThisMachine, half_built: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    run, _go = half_built
    run.kill()
    run.wait()
    assert not (machine.cache / f"v{BUILT}").exists()
    find_after(machine, tmp_path)


def test_ctrl_c_ends_the_build_too_and_leaves_nothing(
    machine: ThisMachine, half_built: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    run, go = half_built
    _press_ctrl_c(run)
    wait_until_gone(go)
    assert [path.name for path in machine.cache.iterdir() if path.name != "install.lock"] == []
    find_after(machine, tmp_path)
