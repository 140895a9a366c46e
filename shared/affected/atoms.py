"""What an expression of a program may be, as far as its text says: a set of atoms, empty where nobody knows."""

import ast
import dataclasses


@dataclasses.dataclass(frozen=True)
class ClassRef:
    """A class of the repository. module: dotted; name: as the module binds it."""

    module: str
    name: str


@dataclasses.dataclass(frozen=True)
class Instance:
    """An object of a class."""

    of: ClassRef


@dataclasses.dataclass(frozen=True)
class ClassObject:
    """A class itself."""

    of: ClassRef


@dataclasses.dataclass(frozen=True)
class Function:
    """A function of the repository. owner: its class; bound: whether its first parameter is given already.

    local: whether it stands in another function, with which it is walked through.
    """

    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    owner: ClassRef | None = None
    bound: bool = False
    local: bool = False


@dataclasses.dataclass(frozen=True)
class Items:
    """A collection, an iterator or the like. of: what it holds."""

    of: "frozenset[Atom]"


@dataclasses.dataclass(frozen=True)
class Signature:
    """Something that can be called. takes: its parameters, None where they are not known; gives: its result."""

    takes: "tuple[frozenset[Atom], ...] | None"
    gives: "frozenset[Atom]"


@dataclasses.dataclass(frozen=True)
class Package:
    """A module, or a package. name: dotted."""

    name: str


Atom = Instance | ClassObject | Function | Items | Signature | Package
Kinds = frozenset[Atom]

NOTHING: Kinds = frozenset()


def elements(kinds: Kinds) -> Kinds:
    """Return what iterating over `kinds`, or looking something up in them, gives."""
    return frozenset(atom for one in kinds if isinstance(one, Items) for atom in one.of)


def collection(kinds: Kinds) -> Kinds:
    """Return a collection of `kinds`."""
    return frozenset({Items(kinds)}) if kinds else NOTHING
