"""What keeps a pending operation from being resolved."""


class PendingOperationError(Exception):
    """An operation whose end nobody knows cannot be resolved, and nothing was changed in the stack's state.

    stack, urn, operation ("creating" and so on): which; problem: why; fix: what a person has to do. passes: whether it
    can be resolved in a while, without anybody doing anything.
    """

    def __init__(self, *, stack: str, urn: str, operation: str, problem: str, fix: str, passes: bool = False) -> None:
        self.stack = stack
        self.urn = urn
        self.operation = operation
        self.problem = problem
        self.fix = fix
        self.passes = passes
        kind, _, name = urn.partition("::")[2].partition("::")[2].rpartition("::")
        super().__init__(f"{stack}: {operation} {name} ({kind.rpartition('$')[2]}) was interrupted: {problem}; {fix}")
