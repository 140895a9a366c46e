"""What can be wrong with an environment file."""


class EnvironmentFileError(Exception):
    """An environment file cannot be used.

    path: the file, relative to the repository; key: where in it, dotted, empty for the whole file; problem: what is
    wrong; fix: what to do.
    """

    def __init__(self, *, path: str, key: str, problem: str, fix: str) -> None:
        self.path = path
        self.key = key
        self.problem = problem
        self.fix = fix
        where = f"{path}: {key}" if key else path
        super().__init__(f"{where}: {problem}; {fix}")
