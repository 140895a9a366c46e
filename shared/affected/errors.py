"""Why it cannot be said whom a change touches."""


class ProgramError(Exception):
    """A file that a stack is made of cannot be read.

    path: the file, relative to the repository; line: counted from 1, 0 where unknown; problem: a sentence; ref: the
    commit it was read from, as it was named, empty for the work tree.
    """

    def __init__(self, *, path: str, line: int, problem: str, ref: str = "") -> None:
        self.path = path
        self.line = line
        self.problem = problem
        self.ref = ref
        place = f"{path} (line {line})" if line else path
        where = f"{place} at {ref}" if ref else place
        fix = "name a commit in which it is right" if ref else "correct it"
        super().__init__(f"{where}: {problem}; {fix}")


class ComparisonError(Exception):
    """git has nothing to compare with. ref: what was named; problem and fix: sentences."""

    def __init__(self, *, ref: str, problem: str, fix: str) -> None:
        self.ref = ref
        self.problem = problem
        self.fix = fix
        super().__init__(f"--since {ref}: {problem}; {fix}")
