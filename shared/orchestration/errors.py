"""What can be wrong with a set of stacks, or with what is asked of it."""

from pathlib import Path


class GraphError(Exception):
    """The stacks do not make a graph. stack: where, empty for all; problem and fix: sentences."""

    def __init__(self, *, stack: str, problem: str, fix: str) -> None:
        self.stack = stack
        self.problem = problem
        self.fix = fix
        where = f"stacks/{stack}: " if stack else ""
        super().__init__(f"{where}{problem}; {fix}")


class UnknownStackError(Exception):
    """A stack was named that does not exist. stack: the name; known: the names there are."""

    def __init__(self, *, stack: str, known: tuple[str, ...]) -> None:
        self.stack = stack
        self.known = known
        super().__init__(f"--stacks: there is no stack {stack!r}; use some of {', '.join(known)}")


class StateFolderError(Exception):
    """The sandbox's state folder cannot be used. folder: which; problem: why; fix: what to do."""

    def __init__(self, *, folder: Path, problem: str, fix: str = "delete that folder, or name another one") -> None:
        self.folder = folder
        self.problem = problem
        self.fix = fix
        super().__init__(f"--state {folder}: {problem}; {fix}")


class NotBootstrappedError(Exception):
    """A real environment has no settings for a stack. environment: which; file: what is missing."""

    def __init__(self, *, environment: str, file: str) -> None:
        self.environment = environment
        self.file = file
        super().__init__(
            f"{file} is missing: environment {environment} was not bootstrapped; "
            "make it with pulumi stack init in the stack's folder and commit it"
        )


class BackendError(Exception):
    """The state backend did not answer. backend: its URL, without parameters; problem: the engine's words."""

    def __init__(self, *, backend: str, problem: str) -> None:
        self.backend = backend.partition("?")[0]
        self.problem = problem
        super().__init__(f"the state in {self.backend} cannot be read: {problem}")


class RefusedError(Exception):
    """An operation on a stack is not begun, or not gone on with. reason: a sentence; exit_code: of the stack."""

    def __init__(self, *, reason: str, exit_code: int) -> None:
        self.reason = reason
        self.exit_code = exit_code
        super().__init__(reason)


class ProtectedError(Exception):
    """A stack with protected resources cannot be destroyed. environment, stack: which; resources: their names."""

    def __init__(self, *, environment: str, stack: str, resources: tuple[str, ...]) -> None:
        self.environment = environment
        self.stack = stack
        self.resources = resources
        verb = "is" if len(resources) == 1 else "are"
        super().__init__(
            f"{stack} of {environment} cannot be destroyed, as {', '.join(resources)} {verb} protected; set "
            f"protection.deletion to false in environments/{environment}.yaml and deploy that, then destroy"
        )
