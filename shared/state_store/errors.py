"""What can be wrong with the store beside the state."""


class StateStoreError(Exception):
    """The objects beside the state cannot be read or written. backend: its URL, without parameters; problem: why."""

    def __init__(self, *, backend: str, problem: str) -> None:
        self.backend = backend.partition("?")[0]
        self.problem = problem
        super().__init__(f"the store beside the state in {self.backend} cannot be used: {problem}")
