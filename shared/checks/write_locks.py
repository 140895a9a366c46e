"""Write every lock in requirements/ again: `python -m shared.checks.write_locks [--upgrade]`."""

import argparse
import sys

from shared.checks.catalogue import REPOSITORY
from shared.checks.locks import LOCKS, LockError, compile_lock, fix_of


def main() -> None:
    """Write the locks, keeping the versions that still fit unless `--upgrade` is given."""
    parser = argparse.ArgumentParser(prog="python -m shared.checks.write_locks", description="write the locks again")
    parser.add_argument("--upgrade", action="store_true", help="also take newer versions of what already fits")
    upgrade: bool = parser.parse_args().upgrade
    for lock in LOCKS:
        try:
            compile_lock(REPOSITORY, lock, REPOSITORY / lock.path, upgrade=upgrade)
        except LockError as error:
            sys.exit(f"{error}\n{error.output}\n{fix_of(error)}")


if __name__ == "__main__":
    main()
