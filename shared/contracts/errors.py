"""What can be wrong between two stacks."""

import pulumi


class ContractError(pulumi.RunError):
    """A contract between two stacks was not fulfilled.

    producer: the stack that should publish the output; environment: where; field: which output, with its key for a
    mapping; problem: what is wrong with it. A RunError, because the engine prints others with a traceback.
    """

    def __init__(self, *, producer: str, environment: str, field: str, problem: str) -> None:
        self.producer = producer
        self.environment = environment
        self.field = field
        self.problem = problem
        super().__init__(
            f"output {field} of stack {producer} in environment {environment} {problem}; "
            f"run: invoke deploy --env {environment} --stacks {producer}"
        )
