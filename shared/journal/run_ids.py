"""Names of runs: they sort by time, and no two are alike."""

import datetime
import secrets
from typing import Final

_FORMAT: Final = "%Y%m%dT%H%M%S.%fZ"


def new_run_id(now: datetime.datetime, last: str | None) -> str:
    """Return the id of a run that begins now. last: that of the environment's last run, None where there was none.

    A clock that is behind the last run's counts as that one's: a later run never sorts before an earlier one.
    """
    moment = now.astimezone(datetime.UTC)
    if last is not None:
        moment = max(moment, began(last) + datetime.timedelta(microseconds=1))
    return f"{moment.strftime(_FORMAT)}-{secrets.token_hex(4)}"


def began(run: str) -> datetime.datetime:
    """Return when a run began, as its id says. Raises ValueError for what is no id."""
    return datetime.datetime.strptime(run.partition("-")[0], _FORMAT).replace(tzinfo=datetime.UTC)
