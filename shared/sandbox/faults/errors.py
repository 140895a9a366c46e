"""What is wrong with a file of faults."""


class FaultsFileError(Exception):
    """A file of faults cannot be used. path: the file; key: where in it, dotted; problem and fix: sentences."""

    def __init__(self, *, path: str, key: str = "", problem: str, fix: str) -> None:
        self.path = path
        self.key = key
        self.problem = problem
        self.fix = fix
        super().__init__(f"{path}: {f'{key}: ' if key else ''}{problem}; {fix}")
