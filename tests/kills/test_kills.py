"""Runs that are killed at random moments: each one is gone on with, and nothing is lost, left over or done twice.

ML_PLATFORM_KILLS says how many, ML_PLATFORM_KILLS_SEED which ones.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.kills.rounds import Life

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

KILLS = int(os.environ.get("ML_PLATFORM_KILLS", "4"))
SEED = int(os.environ.get("ML_PLATFORM_KILLS_SEED", "510"))


def test_every_run_that_is_killed_converges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    life, played = Life(tmp_path, SEED), []
    for number in range(4 * KILLS):
        played.append(life.play(number))
        with capsys.disabled():
            print(f"  {played[-1]}{'' if played[-1].hit else ': it had ended before'}", flush=True)
        if sum(one.hit for one in played) == KILLS:
            break
    killed = [one for one in played if one.hit]
    with capsys.disabled():
        half_done = sum(one.half_done for one in killed)
        print(f"{len(killed)} runs killed, all of them converged, {half_done} operations were half done", end=": ")
        print(dict(Counter(one.victim for one in killed)))
    assert len(killed) == KILLS
