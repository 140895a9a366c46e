"""The journal of a run in the terms of commands."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping

from shared.commands.commits import commit_of
from shared.commands.looking import store_of
from shared.commands.ready import Ready, say
from shared.journal.history import begun
from shared.journal.model import SCHEMA_VERSION, Doing, RunRecord
from shared.journal.places import runs_folder
from shared.journal.run_ids import new_run_id
from shared.journal.writing import Journal, begin, right_now, spelled
from shared.lease.this_process import this_process
from shared.orchestration.job import StackOutcome
from shared.plan_set.sources import sources_of
from shared.reporting.model import RunReport


@dataclasses.dataclass(frozen=True, kw_only=True)
class Undertaking:
    """What a run sets out to do.

    command: that was typed. settled: outcomes that are known before it begins. plan_set: what was approved, sealed.
    continues: the run that this one goes on with.
    """

    doing: Doing
    command: str
    settled: Mapping[str, StackOutcome]
    confirmed: frozenset[str] = frozenset()
    plan_set: bytes | None = dataclasses.field(default=None, repr=False)
    continues: str | None = None


def journal_of(prepared: Ready, undertaking: Undertaking) -> Journal:
    """Begin the journal of a run over the selected stacks. Raises StateStoreError."""
    store = store_of(prepared)
    environment = prepared.environment.name
    runs = begun(store.list(runs_folder(environment)))
    now = right_now()
    record = RunRecord(
        schema_version=SCHEMA_VERSION,
        run=new_run_id(now, runs[-1] if runs else None),
        doing=undertaking.doing,
        command=undertaking.command,
        environment=environment,
        stacks=prepared.selected,
        settled={stack: one.result for stack, one in undertaking.settled.items()},
        commit=commit_of(prepared.session.root),
        sources=_hash(sources_of(prepared.session.root, environment)),
        owner=this_process(),
        confirmed=tuple(sorted(undertaking.confirmed)),
        started=spelled(now),
        continues=undertaking.continues,
    )
    if prepared.lease:
        prepared.lease.runs(record.run)
    return begin(store, record, undertaking.plan_set)


def ended(journal: Journal, report: RunReport) -> None:
    """Note how a run ended. Where that fails it is said, and the run counts as one that never ended."""
    broken = journal.end(report.result, report.exit_code, report.model_dump(mode="json"))
    if broken:
        name = journal.record.environment
        say(f"how this run ended could not be noted ({broken}): invoke resume --env {name} goes on with it")


def _hash(sources: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()
