"""Who hears what a function does with the objects that are followed through it."""

from typing import Protocol

from shared.affected.atoms import Atom, ClassRef, Kinds


class Report(Protocol):
    """Who hears what a function does with the objects of the watched classes."""

    def watches(self, ref: ClassRef) -> bool:
        """Return whether objects of this class are followed."""
        ...

    def read(self, ref: ClassRef, field: str, module: str, line: int) -> None:
        """Hear that one field is read."""
        ...

    def whole(self, ref: ClassRef, module: str, line: int) -> None:
        """Hear that an object goes where it cannot be followed."""
        ...

    def use(self, atom: Atom) -> None:
        """Hear that a function or a class is used."""
        ...

    def value(self, module: str, name: str) -> Kinds:
        """Return what a module-level name holds, and hear that it is used."""
        ...


class Silent:
    """A report that nobody reads, for a look at what an expression is."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def watches(self, ref: ClassRef) -> bool:
        """Return what the real report says."""
        return self._report.watches(ref)

    def read(self, ref: ClassRef, field: str, module: str, line: int) -> None:
        """Forget it."""

    def whole(self, ref: ClassRef, module: str, line: int) -> None:
        """Forget it."""

    def use(self, atom: Atom) -> None:
        """Forget it."""

    def value(self, module: str, name: str) -> Kinds:
        """Return what the real report says."""
        return self._report.value(module, name)
