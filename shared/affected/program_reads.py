"""What a whole program reads of the objects of some classes: every function that can be reached from its start."""

import ast
import dataclasses
from collections.abc import Callable, Iterable

from shared.affected.atoms import NOTHING, Atom, ClassObject, ClassRef, Function, Instance, Kinds
from shared.affected.definitions import ClassText, Definitions
from shared.affected.modules import Module
from shared.affected.scope import Scope
from shared.affected.walk import Walk

# It hands the environment to the program by the annotations of its parameters, which are walked through as they are.
HANDS_OVER = "shared.stack_program"
_DEFINING = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom


@dataclasses.dataclass(frozen=True, order=True, kw_only=True)
class Read:
    """A field that is read, all of an object where field is empty. module and line: where."""

    module: str
    line: int
    of: str
    owner: str
    field: str

    @property
    def ref(self) -> ClassRef:
        """Return the class of the object."""
        return ClassRef(self.owner, self.of)


class _Reading:
    """Hears what functions do, and remembers which further ones they use."""

    def __init__(
        self, definitions: Definitions, watched: frozenset[ClassRef], skipped: Callable[[Function], bool]
    ) -> None:
        self._definitions = definitions
        self._watched = watched
        self._skipped = skipped
        self._walk = Walk(definitions, self)
        self._values: dict[tuple[str, str], Kinds] = {}
        self._known: set[tuple[str, int]] = set()
        self._classes: set[ClassRef] = set()
        self._waiting: list[Function] = []
        self._bodies: list[ClassText] = []
        self.reads: set[Read] = set()

    def start(self, modules: Iterable[Module], entry: Kinds) -> None:
        """Walk through what modules do when they are imported, then through `entry` and every function that is used."""
        for atom in entry:
            self.use(atom)
        for module in modules:
            statements = [node for node in module.body.body if not isinstance(node, _DEFINING | ast.Assign)]
            loose = [node for node in statements if not isinstance(node, ast.AnnAssign)]
            self._walk.statements(loose, Scope(module=module.name))
        while self._waiting or self._bodies:
            if self._bodies:
                text = self._bodies.pop()
                self._walk.class_body(text.node, Scope(module=text.ref.module, owner=text.ref))
            else:
                self._walk.function(self._waiting.pop())

    def watches(self, ref: ClassRef) -> bool:
        return ref in self._watched

    def read(self, ref: ClassRef, field: str, module: str, line: int) -> None:
        self.reads.add(Read(owner=ref.module, of=ref.name, field=field, module=module, line=line))

    def whole(self, ref: ClassRef, module: str, line: int) -> None:
        if module != HANDS_OVER:
            self.read(ref, "", module, line)

    def use(self, atom: Atom) -> None:
        match atom:
            case Function(local=False):
                key = (atom.module, id(atom.node))
                if key not in self._known and not self._skipped(atom):
                    self._known.add(key)
                    self._waiting.append(atom)
            case Instance(of=ref) | ClassObject(of=ref):
                self._use_class(ref)
            case _:
                return

    def _use_class(self, ref: ClassRef) -> None:
        if ref in self._classes or ref in self._watched:
            return
        self._classes.add(ref)
        for text in self._definitions.line(ref):
            if text.ref not in self._watched:
                self._bodies.append(text)
                for method in text.methods.values():
                    self.use(Function(text.ref.module, method, text.ref, bound=True))

    def value(self, module: str, name: str) -> Kinds:
        found = self._definitions.binding(module, name)
        if found is None:
            return NOTHING
        home, bound = found
        if not isinstance(bound, ast.Assign | ast.AnnAssign):
            return NOTHING
        key = (home.name, name)
        if key not in self._values:
            self._values[key] = NOTHING  # one that is made from itself
            promised = bound.annotation if isinstance(bound, ast.AnnAssign) else None
            kinds = self._definitions.annotation(promised, home.name)
            if bound.value is not None:
                kinds |= self._walk.expression(bound.value, Scope(module=home.name))
            self._values[key] = kinds
        return self._values[key]


def program_reads(
    definitions: Definitions,
    modules: Iterable[Module],
    watched: frozenset[ClassRef],
    *,
    entry: Kinds,
    skipped: Callable[[Function], bool],
) -> frozenset[Read]:
    """Return what the program that `modules` make up reads of objects of the classes `watched`.

    entry: the function that it begins with; skipped: functions that this program has and never calls.
    """
    reading = _Reading(definitions, watched, skipped)
    reading.start(modules, entry)
    return frozenset(reading.reads)
