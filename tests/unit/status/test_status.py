"""How an environment is, in a document and in words."""

import dataclasses
import json

import jsonschema
import pytest

from shared.checks.published_schemas import schema_text
from shared.environment.loading import REPOSITORY
from shared.journal.history import PastRun
from shared.journal.model import Ending, Transition
from shared.lease.record import LeaseRecord
from shared.recovery.engine_locks import EngineLock
from shared.status.build import Found, status_of
from shared.status.text import status_lines
from tests.unit.journal.sample_run import NOON, OWNER, record

SCHEMA_FILE = "docs/status-report.schema.json"

NOTHING = Found(environment="sandbox", last_run=None, lease=None, alive="unknown", locks=(), checkpoints={})
BEGUN = Transition(
    schema_version=1, number=1, stack="a", state="started", withheld=0, exit_code=0, time="2026-01-01T12:00:00Z"
)
RUN = PastRun(record=record(0, settled={"c": "unchanged"}), transitions=(BEGUN,), ending=None)
LEASE = LeaseRecord(
    environment="sandbox",
    holder="h",
    owner=OWNER,
    command="deploy",
    run=RUN.record.run,
    since="2026-01-01T12:00:00Z",
    time_to_live=60,
)
LOCK = EngineLock(stack="lower", name="l", pid=7, user="bob", host="there", since=NOON)


def reads(_stack: str, _upstream: str) -> None:
    return None


def said(found: Found) -> str:
    return "\n".join(status_lines(status_of(found, reads)))


def test_of_an_environment_in_which_nothing_was_done() -> None:
    assert said(NOTHING).splitlines() == [
        "sandbox: no run was ever begun",
        "",
        "sandbox is not locked",
        "no stack has read what has changed since",
        "no operation is half done",
    ]


def test_a_run_whose_owner_is_dead_never_ended_and_can_be_resumed() -> None:
    found = dataclasses.replace(NOTHING, last_run=RUN, lease=LEASE, alive="dead")
    status = status_of(found, reads)
    assert status.last_run is not None
    assert (status.last_run.state, status.last_run.resumable) == ("never ended", True)
    stacks = {one.name: one.state for one in status.last_run.stacks}
    assert stacks == {"a": "started", "b": "not begun", "c": "unchanged"}
    assert "invoke resume --env sandbox goes on with it" in said(found)
    assert "locked by ann on here (process 1), which is dead, at deploy since" in said(found)


def test_a_run_whose_owner_lives_runs() -> None:
    for alive in ("alive", "unknown"):
        found = dataclasses.replace(NOTHING, last_run=RUN, lease=LEASE, alive=alive)
        status = status_of(found, reads)
        assert status.last_run is not None
        assert (status.last_run.state, status.last_run.resumable) == ("running", False)
    other = dataclasses.replace(NOTHING, last_run=RUN, lease=LEASE.model_copy(update={"run": "another"}), alive="alive")
    assert "never ended" in said(other)


def test_a_run_that_ended() -> None:
    ending = Ending(schema_version=1, result="failed", exit_code=4, time="2026-01-01T12:05:00Z", report=None)
    failed = dataclasses.replace(RUN, ending=ending)
    status = status_of(dataclasses.replace(NOTHING, last_run=failed), reads)
    assert status.last_run is not None
    assert (status.last_run.state, status.last_run.resumable) == ("failed", True)
    well = dataclasses.replace(RUN, ending=ending.model_copy(update={"result": "succeeded", "exit_code": 0}))
    assert "resume" not in said(dataclasses.replace(NOTHING, last_run=well))


def test_locks_and_operations_that_are_half_done_are_named_without_values() -> None:
    urn = "urn:pulumi:sandbox::lower::azure-native:resources:ResourceGroup::group"
    pending = {"type": "creating", "resource": {"urn": urn, "type": "t", "inputs": {"name": "planted"}}}
    checkpoint = {"checkpoint": {"latest": {"resources": [], "pending_operations": [pending]}}}
    found = dataclasses.replace(NOTHING, checkpoints={"lower": checkpoint}, locks=(LOCK,))
    text = said(found)
    assert "lower is locked by an engine of bob on there (process 7) since 2026-01-01T12:00:00Z" in text
    assert "lower: creating group (azure-native:resources:ResourceGroup) was begun and has no end" in text
    assert "planted" not in text + status_of(found, reads).model_dump_json()


@pytest.mark.parametrize(
    "found", [NOTHING, dataclasses.replace(NOTHING, last_run=RUN, lease=LEASE, alive="dead", locks=(LOCK,))]
)
def test_the_published_schema_is_fresh_and_describes_a_status(found: Found) -> None:
    text = (REPOSITORY / SCHEMA_FILE).read_text(encoding="utf-8")
    assert text == schema_text(SCHEMA_FILE)
    jsonschema.validate(json.loads(status_of(found, reads).model_dump_json()), json.loads(text))
