"""Progress while something takes long."""

import threading
from pathlib import Path

from shared.engine.lock import locked_cache
from shared.engine.progress import Heartbeat
from tests.unit.engine.fake_machine import FakeMachine


def test_a_heartbeat_reports_at_most_every_fifteen_seconds() -> None:
    lines: list[str] = []
    heartbeat = Heartbeat(lines.append, "building")
    for second in range(50):
        heartbeat(float(second))
    assert lines == ["still building (15 s) ...", "still building (30 s) ...", "still building (45 s) ..."]


def test_a_late_beat_moves_the_next_one() -> None:
    lines: list[str] = []
    heartbeat = Heartbeat(lines.append, "building")
    for second in (40.0, 45.0, 54.9, 55.0):
        heartbeat(second)
    assert lines == ["still building (40 s) ...", "still building (55 s) ..."]


class HurriedMachine(FakeMachine):
    """Its clock goes on by 20 s whenever it is looked at."""

    def now(self) -> float:
        self.time += 20
        return self.time


def test_who_waits_for_another_run_says_so_again_and_again(tmp_path: Path) -> None:
    lines: list[str] = []
    held, heard_enough = threading.Event(), threading.Event()

    def hold() -> None:
        with locked_cache(FakeMachine(tmp_path), lines.append):
            held.set()
            heard_enough.wait(20)

    def hear(line: str) -> None:
        lines.append(line)
        if len(lines) == 3:
            heard_enough.set()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    with locked_cache(HurriedMachine(tmp_path), hear):
        thread.join(10)
    waiting = "still waiting for another run to get the Pulumi engine ready"
    assert lines[:3] == [
        "another run is getting the Pulumi engine ready; waiting for it ...",
        f"{waiting} (20 s) ...",
        f"{waiting} (40 s) ...",
    ]
