"""Processes are told apart by id and beginning."""

import os
import subprocess
import sys

from shared.lease.this_process import started, this_process
from tests.unit.lease.waiting import until


def test_this_process_knows_itself() -> None:
    me = this_process()
    assert me.pid == os.getpid()
    assert me.started == started(os.getpid())
    assert str(me) == f"{me.user} on {me.host} (process {me.pid})"


def test_a_process_that_has_ended_is_gone_also_where_nobody_asked_how() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        began = started(other.pid)
        assert began is not None
        assert began >= (started(os.getpid()) or 0)
        other.kill()
        until(lambda: started(other.pid) is None)
        assert other.returncode is None
    assert started(other.pid) is None
