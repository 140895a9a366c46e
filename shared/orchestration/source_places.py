"""Which line of a program a resource comes from, noted while the program runs.

The engine knows the lines too, and tells them only in the state: of a resource that could not be made there is none.
"""

import traceback
from collections.abc import Callable
from pathlib import Path

import pulumi
from pulumi.runtime import register_stack_transformation

from shared.orchestration.resource_changes import name_of, type_of


class SourcePlaces:
    """The lines of one program. root: the repository."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}/"
        self._places: dict[tuple[str, str], str] = {}

    def noting(self, program: Callable[[], None]) -> Callable[[], None]:
        """Return the program, which notes where it makes its resources."""

        def noted() -> None:
            register_stack_transformation(self._note)
            program()

        return noted

    def place_of(self, urn: str) -> str:
        """Return "stacks/a/program.py:12": the innermost line of a stack's program, else of the repository.

        Empty where it is not known, or where several resources of one type have the name.
        """
        return self._places.get((type_of(urn), name_of(urn)), "")

    def _note(self, args: pulumi.ResourceTransformationArgs) -> None:
        key = (args.type_, args.name)
        place = self._here()
        self._places[key] = place if self._places.get(key, place) == place else ""

    def _here(self) -> str:
        lines = [
            f"{name.removeprefix(self._root)}:{line}"
            for frame, line in traceback.walk_stack(None)
            if (name := frame.f_code.co_filename).startswith(self._root) and name != __file__
        ]
        programs = [line for line in lines if line.startswith("stacks/")]
        return next(iter([*programs, *lines]), "")
