"""What keeps the policy gate from giving an answer. None of these means that a rule was broken."""

from collections.abc import Mapping, Sequence
from pathlib import Path


class PolicyError(Exception):
    """The gate cannot answer."""


class StateUnreadableError(PolicyError):
    """A stack's state cannot be read. file: the checkpoint; problem: why."""

    def __init__(self, *, file: Path, problem: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(f"the state {file} {problem}; run the command again")


class CheckovMissingError(PolicyError):
    """Checkov's environment cannot be made. problem: what the installer said."""

    fix = "connect this machine to the package index that uv or pip is configured for, and run the command again"

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(f"Checkov cannot be installed from requirements/checkov.txt: {problem}; {self.fix}")


class CheckovFailedError(PolicyError):
    """Checkov ran and gave no answer. problem: what it said or left out."""

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(f"Checkov gave no answer: {problem}; run the command with --verbose")


class SuppressionError(PolicyError):
    """A suppression is written wrong, or suppresses nothing. problems: one sentence each."""

    def __init__(self, *, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class RenderingError(PolicyError):
    """Two resources would be one in a rendered file. what: their common name."""

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(f"two resources are rendered as {what}; give them different names in shared/policy")


class RehearsalFailedError(PolicyError):
    """There is nothing to judge: the environment's configuration cannot be deployed.

    stacks: which ended badly, with the reason; exit_code: that of the run.
    """

    def __init__(self, *, environment: str, stacks: Mapping[str, str], exit_code: int) -> None:
        self.environment = environment
        self.stacks = dict(stacks)
        self.exit_code = exit_code
        reasons = "; ".join(f"{name}: {reason}" for name, reason in stacks.items())
        super().__init__(f"{environment} cannot be deployed to a sandbox, so it cannot be judged ({reasons})")
