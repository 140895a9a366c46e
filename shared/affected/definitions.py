"""What names, annotations and members of the repository's classes are, read from its text."""

import ast
import dataclasses
from collections.abc import Iterator, Mapping

from shared.affected.atoms import (
    NOTHING,
    ClassObject,
    ClassRef,
    Function,
    Instance,
    Items,
    Kinds,
    Package,
    Signature,
)
from shared.affected.modules import Binding, Imported, Module, Modules

_PROPERTIES = frozenset({"property", "cached_property", "computed_field"})
_TRANSPARENT = frozenset({"Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "Optional", "Union"})
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclasses.dataclass(frozen=True, eq=False)
class ClassText:
    """A class as it is written. fields: annotations by name, in order; methods by name; set: by plain assignment."""

    ref: ClassRef
    node: ast.ClassDef
    fields: Mapping[str, ast.expr]
    methods: Mapping[str, _FUNCTIONS]
    values: Mapping[str, ast.expr]

    @property
    def record(self) -> bool:
        """Return whether it is a dataclass or a named tuple: what holds it, holds its fields."""
        marks = [*self.node.decorator_list, *self.node.bases]
        return any(_last_name(one) in {"dataclass", "NamedTuple"} for one in marks)


@dataclasses.dataclass(frozen=True)
class Member:
    """What an attribute of an object is. field: whether it is data; function: what runs when it is read or called."""

    kinds: Kinds
    field: bool = False
    function: Function | None = None


class Definitions:
    """Names and classes of the repository."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._classes: dict[ClassRef, ClassText | None] = {}
        self._lines: dict[ClassRef, tuple[ClassText, ...]] = {}
        self._looking: set[tuple[str, str]] = set()

    def binding(self, module: str, name: str) -> tuple[Module, Binding] | None:
        """Return the statement that defines `name` of `module`, followed through imports, and where it stands."""
        return self._binding(module, name, set())

    def _binding(self, module: str, name: str, seen: set[tuple[str, str]]) -> tuple[Module, Binding] | None:
        found = self.modules.find(module)
        if found is None or (module, name) in seen:
            return None
        seen.add((module, name))
        bound = found.bindings.get(name)
        if bound is None:
            passed = (self._binding(other, name, seen) for other in found.takes_all_of)
            return next((one for one in passed if one is not None), None)
        if not isinstance(bound, Imported) or not bound.name:
            return found, bound
        if self._is_module(bound):
            return found, Imported(f"{bound.module}.{bound.name}")
        return self._binding(bound.module, bound.name, seen)

    def _is_module(self, imported: Imported) -> bool:
        found = self.modules.find(imported.module)
        inside = f"{imported.module}.{imported.name}"
        return (found is None or imported.name not in found.bindings) and self.modules.find(inside) is not None

    def name(self, module: str, name: str) -> Kinds:
        """Return what `name` is in `module`, or below it where it is a package."""
        found = self.binding(module, name)
        if found is None:
            inside = f"{module}.{name}"
            return frozenset({Package(inside)}) if self.modules.find(inside) else NOTHING
        home, bound = found
        if isinstance(bound, Imported):
            return frozenset({Package(bound.module)})
        if isinstance(bound, ast.ClassDef):
            return frozenset({ClassObject(ClassRef(home.name, bound.name))})
        if isinstance(bound, _FUNCTIONS):
            return frozenset({Function(home.name, bound)})
        return NOTHING  # a value: whoever evaluates expressions says what it is

    def class_text(self, ref: ClassRef) -> ClassText | None:
        """Return how a class is written, None where that is not in the repository."""
        if ref not in self._classes:
            found = self.binding(ref.module, ref.name)
            node = found[1] if found else None
            self._classes[ref] = _class_text(ref, node) if isinstance(node, ast.ClassDef) else None
        return self._classes[ref]

    def line(self, ref: ClassRef) -> tuple[ClassText, ...]:
        """Return a class and those that it inherits from, the nearest first, as far as they are in the repository."""
        if ref not in self._lines:
            self._lines[ref] = tuple(dict.fromkeys(self._line(ref, set())))
        return self._lines[ref]

    def _line(self, ref: ClassRef, seen: set[ClassRef]) -> Iterator[ClassText]:
        text = self.class_text(ref)
        if text is None or ref in seen:
            return
        seen.add(ref)
        yield text
        for base in text.node.bases:
            for atom in self.annotation(base, ref.module):
                if isinstance(atom, Instance):
                    yield from self._line(atom.of, seen)

    def bases(self, ref: ClassRef) -> Kinds:
        """Return what `super()` is in a class."""
        return frozenset(Instance(text.ref) for text in self.line(ref)[1:])

    def annotation(self, node: ast.expr | None, module: str, owner: ClassRef | None = None) -> Kinds:
        """Return what an annotation in `module` promises. owner: what Self means."""
        match _unquoted(node):
            case ast.BinOp(left=left, right=right):
                return self.annotation(left, module, owner) | self.annotation(right, module, owner)
            case ast.Subscript() as generic:
                return self._generic(generic, module, owner)
            case ast.Name(id="Self") if owner is not None:
                return frozenset({Instance(owner)})
            case ast.Name(id=name):
                return self._named(module, name)
            case ast.Attribute() as attribute:
                return self._attribute(attribute, module)
            case _:
                return NOTHING

    def _attribute(self, node: ast.Attribute, module: str) -> Kinds:
        base = self._package(node.value, module)
        return self._named(base, node.attr) if base else NOTHING

    def _package(self, node: ast.expr, module: str) -> str:
        if isinstance(node, ast.Name):
            found = self.name(module, node.id)
            return next((atom.name for atom in found if isinstance(atom, Package)), "")
        if isinstance(node, ast.Attribute):
            before = self._package(node.value, module)
            return f"{before}.{node.attr}" if before else ""
        return ""

    def _named(self, module: str, name: str) -> Kinds:
        found = self.binding(module, name)
        if found is None:
            return NOTHING
        home, bound = found
        if isinstance(bound, ast.ClassDef):
            return frozenset({Instance(ClassRef(home.name, bound.name))})
        if isinstance(bound, ast.Assign | ast.AnnAssign) and bound.value is not None:
            key = (home.name, name)
            if key in self._looking:
                return NOTHING
            self._looking.add(key)
            try:
                return self.annotation(bound.value, home.name)
            finally:
                self._looking.discard(key)
        return NOTHING

    def _generic(self, node: ast.Subscript, module: str, owner: ClassRef | None) -> Kinds:
        name = _last_name(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Literal":
            return NOTHING
        if name == "Annotated":
            return self.annotation(parts[0], module, owner)
        if name == "Callable" and len(parts) > 1:
            takes = parts[0].elts if isinstance(parts[0], ast.List) else None
            kinds = None if takes is None else tuple(self.annotation(one, module, owner) for one in takes)
            return frozenset({Signature(kinds, self.annotation(parts[1], module, owner))})
        inside = frozenset(atom for part in parts for atom in self.annotation(part, module, owner))
        if name in _TRANSPARENT:
            return inside
        if name in {"type", "Type"}:
            return frozenset(ClassObject(atom.of) for atom in inside if isinstance(atom, Instance))
        own = self.annotation(node.value, module, owner)
        return own or (frozenset({Items(inside)}) if inside else NOTHING)

    def member(self, ref: ClassRef, name: str) -> Member | None:
        """Return what the attribute `name` of an object of a class is, None where its text does not say."""
        for text in self.line(ref):
            if name in text.methods:
                method = text.methods[name]
                static = any(_last_name(one) == "staticmethod" for one in method.decorator_list)
                function = Function(text.ref.module, method, text.ref, bound=not static)
                if _is_property(function.node):
                    kinds = self.annotation(function.node.returns, text.ref.module, ref)
                    return Member(kinds, function=function)
                return Member(frozenset({function}), function=function)
            if name in text.fields:
                return Member(self.annotation(text.fields[name], text.ref.module, ref), field=True)
        return None

    def constructor(self, ref: ClassRef) -> Function | None:
        """Return the `__init__` or `__new__` of a class, None where it has none of its own."""
        for text in self.line(ref):
            for name in ("__init__", "__new__"):
                if name in text.methods:
                    return Function(text.ref.module, text.methods[name], text.ref, bound=True)
        return None

    def fields(self, ref: ClassRef) -> dict[str, Kinds]:
        """Return the annotated fields of a class, inherited ones first."""
        return {
            name: self.annotation(node, text.ref.module, ref)
            for text in reversed(self.line(ref))
            for name, node in text.fields.items()
            if not _is_class_variable(node)
        }


def _class_text(ref: ClassRef, node: ast.ClassDef) -> ClassText:
    annotated = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    assigned = [one for one in node.body if isinstance(one, ast.Assign)]
    return ClassText(
        ref=ref,
        node=node,
        fields={one.target.id: one.annotation for one in annotated if isinstance(one.target, ast.Name)},
        methods={one.name: one for one in node.body if isinstance(one, _FUNCTIONS)},
        values={name.id: one.value for one in assigned for name in one.targets if isinstance(name, ast.Name)},
    )


def _unquoted(node: ast.expr | None) -> ast.expr | None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return node
    try:
        return ast.parse(node.value, mode="eval").body
    except SyntaxError:
        return None


def _is_property(node: _FUNCTIONS) -> bool:
    return any(_last_name(one) in _PROPERTIES for one in node.decorator_list)


def _is_class_variable(annotation: ast.expr) -> bool:
    return isinstance(annotation, ast.Subscript) and _last_name(annotation.value) == "ClassVar"


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
