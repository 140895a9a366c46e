"""Peak memory is that of a process and everything below it."""

import sys
from pathlib import Path

import pytest

from shared.bench.memory import PeakMemory, ProcessMemory, can_be_measured, held_by, parsed
from shared.bench.timing import Command, python, timed

_MEGABYTE = 1_000_000
_GRANDCHILD = f"import time; held = bytearray(b'x') * {150 * _MEGABYTE}; time.sleep(1.5)"
_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_GRANDCHILD!r}], check=True)"


def test_a_line_of_proc_is_read_whatever_the_programs_name() -> None:
    fields = ["S", "41", *(str(number) for number in range(5, 24)), "300", *("0" for _ in range(28))]
    line = f"42 (a (b) c) {' '.join(fields)}"
    assert parsed(line, 4096) == ProcessMemory(pid=42, parent=41, resident=300 * 4096)


def test_only_the_family_counts() -> None:
    processes = [
        ProcessMemory(pid=4, parent=3, resident=1),
        ProcessMemory(pid=3, parent=2, resident=10),
        ProcessMemory(pid=2, parent=1, resident=100),
        ProcessMemory(pid=9, parent=1, resident=1000),
    ]
    assert held_by(2, processes) == 111
    assert held_by(9, processes) == 1000


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_what_a_grandchild_holds_is_seen(tmp_path: Path) -> None:
    assert can_be_measured()
    memory = PeakMemory()
    timed(Command(words=python("-c", _CHILD), folder=tmp_path, variables={}), memory)
    assert 150 * _MEGABYTE < memory.peak < 400 * _MEGABYTE
