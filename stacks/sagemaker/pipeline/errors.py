"""What can be wrong with a definition."""

import pulumi


class DefinitionError(pulumi.RunError):
    """SageMaker would refuse the definition, or run it unsafely.

    step: name of the step, empty where it is the definition as a whole; problem: what is wrong and what would be right.
    """

    def __init__(self, step: str, problem: str) -> None:
        self.step = step
        self.problem = problem
        super().__init__(f"pipeline definition, {f'step {step}' if step else 'as a whole'}: {problem}")
