"""Takes an engine down in an orderly way when the process that started it is gone, however that died.

The engine runs in a session of its own, so what kills the others need not reach it. A small shell, in another session,
waits at the end of a pipe whose other end only the starter has. When that closes without a word, the engine is asked to
stop, as by Ctrl-C, and is killed if it has not after a while. Until then the shell reads what the engine prints: Go
programs die of a write to a closed pipe ("os/signal", Go), which would be in the middle of an operation.
"""

import os
import subprocess
from typing import Final

PATIENCE: Final = 40
"""Seconds that an engine may take to stop without its starter.

Less than a lease of a dead owner lives: who takes that finds no engine running.
"""

_ENDED: Final = "ended"
# $1 and $2: descriptors of what the engine prints. $3: how long it may take, in seconds.
_SCRIPT: Final = f"""
read -r pid || exit 0
read -r word
[ "$word" = {_ENDED} ] && exit 0
cat <"/dev/fd/$1" >/dev/null &
cat <"/dev/fd/$2" >/dev/null &
kill -s INT "$pid"
while [ "$3" -gt 0 ] && kill -0 "$pid"; do
  sleep 1
  set -- "$1" "$2" $(($3 - 1))
done
kill -s KILL -- "-$pid"
"""


class EngineWatch:
    """Watches over one engine. stdout and stderr: descriptors from which what it prints can be read."""

    def __init__(self, stdout: int, stderr: int, *, patience: int = PATIENCE) -> None:
        """Begin, before there is an engine: no moment is left in which nobody watches over it."""
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "engine-watch", str(stdout), str(stderr), str(patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(stdout, stderr),
            start_new_session=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )

    def over(self, engine: int) -> None:
        """Watch over the engine with this process id."""
        self._say(str(engine))

    def ended(self) -> None:
        """Stop watching: the engine has ended."""
        self._say(_ENDED)
        if self._shell.stdin:
            self._shell.stdin.close()
        self._shell.wait()

    def _say(self, word: str) -> None:
        try:
            if self._shell.stdin:
                self._shell.stdin.write(f"{word}\n".encode())
                self._shell.stdin.flush()
        except BrokenPipeError:  # somebody killed the shell: there is no watch any more, and the engine goes on
            return
