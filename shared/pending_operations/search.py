"""Finding a resource in the cloud by what marks it, where its id is not known."""

from collections.abc import Mapping
from typing import Any, Protocol

Marks = Mapping[str, Any]


class SearchError(Exception):
    """A cloud did not answer. problem: its error code or sentence."""

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


class Search(Protocol):
    """Where resources are looked for."""

    def find(self, token: str, marks: Marks) -> tuple[str, ...]:
        """Return the ids, as a state has them, of all live resources of a type whose inputs are `marks`.

        A mark that is None is one that they do not have. Raises SearchError.
        """
        ...
