"""A preview whose workers are warm: the second one in the same process.

Run as `python -m shared.bench.warm_preview ENVIRONMENT STATE`. Prints, as JSON, the seconds of the second preview, and
how each stack of it ended: {"seconds": 2.5, "stacks": [{"name": "identity", "result": "unchanged"}]}.
"""

import json
import sys
import time
from contextlib import redirect_stdout
from io import StringIO

from shared.commands.arguments import Options
from shared.commands.run_stacks import preview


def previewed(options: Options) -> tuple[float, str]:
    """Return the seconds of one whole command, and what it prints. Raises RuntimeError where it fails."""
    printed = StringIO()
    started = time.monotonic()
    with redirect_stdout(printed):
        code = preview(options)
    seconds = time.monotonic() - started
    if code:
        raise RuntimeError(f"the preview ended with exit code {code}")
    return seconds, printed.getvalue()


def main() -> None:
    """Preview twice."""
    environment, state = sys.argv[1:]
    options = Options(env=environment, state=state, json=True)
    previewed(options)
    seconds, printed = previewed(options)
    stacks = [{"name": stack["name"], "result": stack["result"]} for stack in json.loads(printed)["stacks"]]
    sys.stdout.write(json.dumps({"seconds": seconds, "stacks": stacks}) + "\n")


if __name__ == "__main__":
    main()
