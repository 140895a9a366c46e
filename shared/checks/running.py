"""Running checks: side by side, since most of them wait for a tool, and answered in the order of the list."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from shared.checks.catalogue import all_checks
from shared.checks.errors import UnknownCheckError
from shared.checks.result import Check, CheckOutcome


def select_checks(names: Sequence[str], checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return the checks with these names, in the order of `checks`; all of them where no name is given.

    Raises UnknownCheckError.
    """
    known = tuple(check.name for check in checks)
    for name in names:
        if name not in known:
            raise UnknownCheckError(name=name, known=known)
    return tuple(check for check in checks if not names or check.name in names)


def run_checks(names: Sequence[str] = (), *, checks: tuple[Check, ...] | None = None) -> tuple[CheckOutcome, ...]:
    """Run the checks with these names, all of them where no name is given, and return what each answered.

    checks: the list to choose from, the repository's where none is given. Raises UnknownCheckError before anything
    runs.
    """
    selected = select_checks(names, all_checks() if checks is None else checks)
    # Two at a time: the tools use a core each, and the continuous integration's machines have few.
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="check") as pool:
        return tuple(pool.map(_timed, selected))


def _timed(check: Check) -> CheckOutcome:
    began = time.monotonic()
    result = check.run()
    return CheckOutcome(name=check.name, result=result, seconds=time.monotonic() - began)
