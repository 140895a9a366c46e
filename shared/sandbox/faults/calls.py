"""What an engine asks of a simulated cloud, and what may become of it. Light: it is loaded where no faults are, too."""

import dataclasses
from typing import Final, Literal

FILE: Final = "faults.yaml"
"""Name of the file of faults, in the state folder."""

Operation = Literal["create", "update", "delete", "read", "check", "diff", "invoke", "configure"]
Stage = Literal["before", "after"]
"""Before or after the cloud has done, and kept, what it was asked for."""

Victim = Literal["engine", "worker", "orchestrator", "group"]
"""Which processes a rule kills with SIGKILL, by the engine whose request it was: that engine; the worker process that
started it; the process that started the sandbox; that process and every one below it, all engines among them. The
sandbox itself stays: a cloud does not die with its clients."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """One request of an engine. type: token of the resource type or function; name, stack: empty where it has none."""

    operation: Operation
    type: str
    name: str = ""
    stack: str = ""
