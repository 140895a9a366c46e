"""Failures of the machine that a command meets anywhere, each as one sentence."""

import errno
from collections.abc import Mapping
from typing import Final

_FIXES: Final[Mapping[int, str]] = {
    errno.ENOSPC: "make room there, then run the same command again",
    errno.EDQUOT: "make room there, then run the same command again",
    errno.EROFS: "make it writable, then run the same command again",
    errno.EIO: "look after that disk, then run the same command again",
    errno.EMFILE: "raise the limit of open files (ulimit -n), then run the same command again",
}


def machine_failure(error: BaseException) -> str | None:
    """Return what is wrong with the machine, where, and what to do; None for what is no such failure."""
    if not isinstance(error, OSError) or error.errno not in _FIXES:
        return None
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{str(error.strerror).lower()}; {_FIXES[error.errno]}"
