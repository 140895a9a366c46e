"""What can be wrong with a journal, or with going on from one."""

_SHOWN = 10


class JournalError(Exception):
    """The journal of a run cannot be read. environment and run: which; problem: why."""

    def __init__(self, *, environment: str, run: str, problem: str) -> None:
        self.environment = environment
        self.run = run
        self.problem = problem
        super().__init__(
            f"the journal of run {run} of {environment} cannot be used: {problem}; "
            f"deploy or destroy {environment} afresh, which begins a new one"
        )


class NotResumableError(Exception):
    """A run cannot be gone on with from here. run: which; commit: of its sources; differences: one clause each."""

    def __init__(self, *, run: str, commit: str | None, differences: tuple[str, ...]) -> None:
        self.run = run
        self.commit = commit
        self.differences = differences
        rest = len(differences) - _SHOWN
        more = (f"and {rest} more differences",) if rest > 0 else ()
        fix = f"check out {commit}" if commit else "bring back the sources that it was made from"
        super().__init__(
            f"run {run} cannot be resumed here: {'; '.join((*differences[:_SHOWN], *more))}; "
            f"{fix} to go on with it, or begin a new one with invoke deploy"
        )
