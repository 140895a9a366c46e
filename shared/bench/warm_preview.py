"""A preview whose workers are warm: the second `invoke preview` in the same process.

Run as `python -m shared.bench.warm_preview FLAG...` in the repository's folder, with the flags of a preview that prints
JSON. Prints the seconds of the second one beside its stacks: {"seconds": 2.5, "stacks": [{"name": "identity", ...}]}.
"""

import json
import sys
import time
from contextlib import redirect_stdout
from io import StringIO

from invoke.main import program


def previewed(flags: list[str]) -> tuple[float, str]:
    """Return the seconds of one whole command, and what it prints: a report also where it fails."""
    printed = StringIO()
    started = time.monotonic()
    with redirect_stdout(printed):
        program.run(["invoke", "preview", *flags], exit=False)
    return time.monotonic() - started, printed.getvalue()


def main() -> None:
    """Preview twice."""
    flags = sys.argv[1:]
    previewed(flags)
    seconds, printed = previewed(flags)
    sys.stdout.write(json.dumps({"seconds": seconds, "stacks": json.loads(printed)["stacks"]}) + "\n")


if __name__ == "__main__":
    main()
