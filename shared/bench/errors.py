"""Why a measurement has no result."""

from collections.abc import Sequence


class BenchError(Exception):
    """A measurement could not be made; its subclasses say why."""


class CommandFailedError(BenchError):
    """A command that is measured failed. command: its words; exit_code: its own; detail: its last line of complaint."""

    def __init__(self, *, command: Sequence[str], exit_code: int, detail: str) -> None:
        self.command = tuple(command)
        self.exit_code = exit_code
        self.detail = detail
        said = detail or "it said nothing"
        super().__init__(f"{' '.join(command)} ended with exit code {exit_code}: {said}; make it work, then measure it")


class UnexpectedResultError(BenchError):
    """A command did something else than what is measured. what: is measured; found: what happened."""

    def __init__(self, *, what: str, found: str) -> None:
        self.what = what
        self.found = found
        super().__init__(f"{what}: {found}, so its time means nothing; deploy and preview the sandbox to see why")
