"""Exit codes: an interface that scripts rely on, never renumbered.

0 to 9 and 255 are Pulumi's own (sdk/go/common/util/cmdutil/exit.go: "must be treated as stable"), 10 to 13 are ours.
What Invoke itself cannot parse is its own 1.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the exit code of a command says."""

    SUCCESS = 0
    ERROR = 1
    CONFIGURATION = 2
    AUTHENTICATION = 3
    RESOURCE = 4
    POLICY = 5
    STACK_NOT_FOUND = 6
    NO_CHANGES = 7
    CANCELLED = 8
    TIMEOUT = 9
    DRIFT = 10
    DEPENDENCY_FAILED = 11
    LOCKED = 12
    PLAN_REFUSED = 13
    INTERNAL = 255
