"""One trap that was found."""

import ast
import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, order=True)
class Trap:
    """What is wrong at one line, and what to do instead. path: from the repository's root; line: counted from 1."""

    path: Path
    line: int
    problem: str
    instead: str

    def __str__(self) -> str:
        """Return the trap as one line of a check's answer."""
        return f"{self.path.as_posix()}:{self.line}: {self.problem}; {self.instead}"


def trap_at(path: Path, node: ast.expr, *, problem: str, instead: str) -> Trap:
    """Return the trap at `node` of the file `path`."""
    return Trap(path=path, line=node.lineno, problem=problem, instead=instead)
