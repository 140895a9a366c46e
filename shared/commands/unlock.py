"""End the lease of a run that died."""

import json

from shared.commands.arguments import Options
from shared.commands.holding import beside_state
from shared.commands.ready import say, session_of
from shared.commands.standard_output import put
from shared.lease.record import LeaseRecord, doing
from shared.lease.this_process import this_process
from shared.lease.unlocking import Inquiry, Unlocked, unlock


def unlock_environment(options: Options) -> int:
    """End the lease of an environment where its owner is dead, and say whose it was. Returns the exit code.

    Raises LeaseHeldError where the owner lives, LeaseUnreadableError, StateStoreError.
    """
    environment = options.environment()
    with session_of(options, environment, clouds=False, looks=True) as session:
        inquiry = Inquiry(environment=environment.name, here=this_process(), on_watch=_watching)
        ended = unlock(beside_state(session), inquiry)
    if options.json:
        put(_document(environment.name, ended))
    else:
        put(f"{_sentence(environment.name, ended)}\n")
    return 0


def _watching(seconds: float, record: LeaseRecord | None) -> None:
    whose = f"{record.owner} still works" if record else "somebody still works"
    say(f"watching for {seconds:.0f} s whether {whose} ...")


def _sentence(environment: str, ended: Unlocked | None) -> str:
    if ended is None:
        return f"{environment} was not locked"
    record = ended.record
    if record is None:
        return f"{environment} is unlocked: what locked it could not be read, and did not move"
    return f"{environment} is unlocked: {record.owner}, at {doing(record)}, is dead"


def _document(environment: str, ended: Unlocked | None) -> str:
    lease = _lease(ended.record) if ended and ended.record else None
    return (
        json.dumps({"environment": environment, "unlocked": ended is not None, "lease": lease}, sort_keys=True) + "\n"
    )


def _lease(record: LeaseRecord) -> dict[str, str]:
    return {"owner": str(record.owner), "command": record.command, "run": record.run, "since": record.since}
