"""Why a plan set cannot be written, read or used. No text here ever holds what a plan set holds."""

from pathlib import Path

_SHOWN = 10


class PlanSetRefusedError(Exception):
    """A plan set is damaged, or was made for something else than what is now.

    file: which; differences: one clause for each thing that is wrong, all of them.
    """

    def __init__(self, *, file: Path, differences: tuple[str, ...]) -> None:
        self.file = file
        self.differences = differences
        shown = differences[:_SHOWN]
        rest = len(differences) - len(shown)
        more = (f"and {rest} more differences",) if rest else ()
        super().__init__(
            f"the plan set {file} is refused: {'; '.join((*shown, *more))}; make a new one with invoke preview --save"
        )


class PlanSetFileError(Exception):
    """A plan set's file is not there, or cannot be read or written. file: which; problem and fix: sentences."""

    def __init__(self, *, file: Path, problem: str, fix: str) -> None:
        self.file = file
        self.problem = problem
        self.fix = fix
        super().__init__(f"the plan set {file} {problem}; {fix}")


class PlanSetKeyError(Exception):
    """The key of an environment's plan sets cannot be used: not reached, or not allowed to.

    url: of the key; problem and fix: sentences.
    """

    def __init__(self, *, url: str, problem: str, fix: str) -> None:
        self.url = url
        self.problem = problem
        self.fix = fix
        super().__init__(f"the plan sets' key {url} cannot be used: {problem}; {fix}")


class WrapRefusedError(Exception):
    """A key answered, and did not make this wrapped data key, or made it for another environment. url: of the key."""

    def __init__(self, *, url: str) -> None:
        self.url = url
        super().__init__(f"the data key was not wrapped by {url}, or not for this environment, or was changed since")


class PreviewOutdatedError(Exception):
    """Something changed while a question about a preview was open. differences: one clause for each thing."""

    def __init__(self, *, differences: tuple[str, ...]) -> None:
        self.differences = differences
        rest = len(differences) - _SHOWN
        more = (f"and {rest} more differences",) if rest > 0 else ()
        what = "; ".join((*differences[:_SHOWN], *more))
        super().__init__(f"what was shown is not what is now: {what}; deploy again to see it")
