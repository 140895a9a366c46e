"""What a simulated cloud answers when it says no, and what is wrong with the sandbox itself."""


class CloudError(Exception):
    """The cloud refuses an operation. code: the real service's error code; message: its sentence."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f'Code="{code}" Message="{message}"')


class BehindError(Exception):
    """Nobody can change that behind Pulumi's back. what: the resource or property; problem and fix: sentences."""

    def __init__(self, *, what: str, problem: str, fix: str) -> None:
        self.what = what
        self.problem = problem
        self.fix = fix
        super().__init__(f"{what}: {problem}; {fix}")


class InventoryError(Exception):
    """The inventory file cannot be used. path: the file; problem: why."""

    def __init__(self, *, path: str, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: {problem}")


class SandboxStartError(Exception):
    """The sandbox did not start. problem: why."""

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(f"the sandbox did not start: {problem}")
