"""Follow the objects of some classes through expressions.

Only what can be followed for sure is: attributes, names, parameters and results with annotations, collections. An
object that goes anywhere else may be read whole there, and is reported so.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from shared.affected.atoms import (
    NOTHING,
    Atom,
    ClassObject,
    ClassRef,
    Function,
    Instance,
    Items,
    Kinds,
    Package,
    Signature,
    collection,
    elements,
)
from shared.affected.definitions import Definitions
from shared.affected.holding import Holding
from shared.affected.own_attributes import set_on_self
from shared.affected.report import Report, Silent
from shared.affected.scope import Scope
from shared.affected.takes import Takes

# Builtins that say something about an object without reading it, and those that hand on what a collection holds.
_LOOKING = frozenset({"isinstance", "bool", "callable", "id", "len"})
_HANDING_ON = frozenset(
    {"dict", "enumerate", "frozenset", "iter", "list", "next", "reversed", "set", "sorted", "tuple", "zip"}
)
_OF_EVERY_CONTRACT = frozenset({"publish", "read", "specs", "stack"})
_GET_ONE = frozenset({"get", "pop", "popleft", "setdefault"})
_GET_ALL = frozenset({"copy", "items", "keys", "values"})

Rule = Callable[[Any, Scope], Kinds]


class Expressions:
    """Says what expressions are, and what they read on the way. looking: attributes that are being looked for."""

    def __init__(
        self, definitions: Definitions, report: Report, looking: frozenset[tuple[ClassRef, str]] = frozenset()
    ) -> None:
        self._definitions = definitions
        self._report = report
        self._looking = looking
        self._holding = Holding(definitions, report)
        self._rules: Mapping[type[ast.expr], Rule] = {
            ast.Attribute: self._attribute,
            ast.Await: self._await,
            ast.BinOp: self._operation,
            ast.BoolOp: self._choice,
            ast.Call: self._call,
            ast.Compare: self._compare,
            ast.Dict: self._dict,
            ast.DictComp: self._dict_comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.IfExp: self._condition,
            ast.Lambda: self._lambda,
            ast.List: self._elements,
            ast.ListComp: self._comprehension,
            ast.Name: self._name,
            ast.NamedExpr: self._named,
            ast.Set: self._elements,
            ast.SetComp: self._comprehension,
            ast.Starred: self._starred,
            ast.Subscript: self._subscript,
            ast.Tuple: self._elements,
            ast.UnaryOp: self._not,
            ast.Yield: self._yield,
            ast.YieldFrom: self._await,
        }

    def value(self, node: ast.expr, scope: Scope) -> Kinds:
        """Return what an expression is, and report what it reads."""
        rule = self._rules.get(type(node))
        if rule is not None:
            return rule(node, scope)
        self.parts(node, scope)
        return NOTHING

    def lost(self, node: ast.expr | None, scope: Scope) -> None:
        """Report what is lost where an expression goes."""
        if node is not None:
            self.let_go(self.value(node, scope), node, scope)

    def parts(self, node: ast.AST, scope: Scope) -> None:
        """Report what the parts of something read that has no rule of its own: what goes in there is lost."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.lost(child, scope)
            else:
                self.parts(child, scope)

    def give(self, kinds: Kinds, promised: Kinds, node: ast.AST, scope: Scope) -> None:
        """Hand `kinds` to something annotated as `promised`: what that does not name is out of sight there."""
        for ref in self._holding.watched(kinds) - self._holding.watched(promised):
            self._report.whole(ref, scope.module, _line(node))

    def let_go(self, kinds: Kinds, node: ast.AST, scope: Scope) -> None:
        """Hand `kinds` to nobody knows what."""
        self.give(kinds, NOTHING, node, scope)

    def use(self, kinds: Kinds) -> None:
        """Report that functions and classes are used."""
        for atom in kinds:
            self._report.use(atom)
            if isinstance(atom, Items):
                self.use(atom.of)

    def annotated(self, node: ast.expr | None, module: str, owner: ClassRef | None) -> Kinds:
        """Return what an annotation promises, and report what it uses."""
        kinds = self._definitions.annotation(node, module, owner)
        self.use(kinds)
        return kinds

    def parameters(self, function: Function, around: Scope | None) -> Scope:
        """Return what the names of a function mean when it begins."""
        node, module, owner = function.node, function.module, function.owner
        scope = Scope(module=module, owner=owner, returns=self.annotated(node.returns, module, owner), around=around)
        arguments = node.args
        plain = [*arguments.posonlyargs, *arguments.args]
        for argument in [*plain, *arguments.kwonlyargs]:
            scope.bind(argument.arg, self.annotated(argument.annotation, module, owner))
        for argument in (arguments.vararg, arguments.kwarg):
            if argument is not None:
                scope.bind(argument.arg, collection(self.annotated(argument.annotation, module, owner)))
        if owner is not None and plain and not is_static(node):
            scope.bind(plain[0].arg, frozenset({ClassObject(owner) if takes_class(node) else Instance(owner)}))
        return scope

    def bind(self, target: ast.expr | None, kinds: Kinds, scope: Scope) -> None:
        """Let what stands left of an assignment mean `kinds` too."""
        match target:
            case None:
                return
            case ast.Name():
                scope.bind(target.id, kinds)
            case ast.Tuple() | ast.List():
                self.let_go(direct(kinds), target, scope)
                for part in target.elts:
                    self.bind(part, elements(kinds) | kinds, scope)
            case ast.Starred():
                self.bind(target.value, kinds, scope)
            case ast.Subscript(value=ast.Name(id=name)) if scope.find(name) is not None:
                self.lost(target.slice, scope)
                scope.bind(name, collection(kinds))
            case ast.Attribute() if any(isinstance(one, Instance) for one in self.value(target.value, scope)):
                return  # whoever reads it there looks for what is put there
            case _:
                self.parts(target, scope)
                self.let_go(kinds, target, scope)

    def globally(self, module: str, name: str) -> Kinds:
        """Return what a name of a module is."""
        return self._definitions.name(module, name) or self._report.value(module, name)

    def _name(self, node: ast.Name, scope: Scope) -> Kinds:
        found = scope.find(node.id)
        kinds = self.globally(scope.module, node.id) if found is None else found
        self.use(kinds)
        return kinds

    def _await(self, node: ast.Await | ast.YieldFrom, scope: Scope) -> Kinds:
        kinds = self.value(node.value, scope)
        return kinds | elements(kinds)

    def _operation(self, node: ast.BinOp, scope: Scope) -> Kinds:
        kinds = self.value(node.left, scope) | self.value(node.right, scope)
        self.let_go(direct(kinds), node, scope)
        return frozenset(atom for atom in kinds if isinstance(atom, Items))

    def _choice(self, node: ast.BoolOp, scope: Scope) -> Kinds:
        return frozenset(atom for part in node.values for atom in self.value(part, scope))

    def _condition(self, node: ast.IfExp, scope: Scope) -> Kinds:
        self.value(node.test, scope)
        return self.value(node.body, scope) | self.value(node.orelse, scope)

    def _compare(self, node: ast.Compare, scope: Scope) -> Kinds:
        parts = [self.value(part, scope) for part in (node.left, *node.comparators)]
        if not all(isinstance(one, ast.Is | ast.IsNot) for one in node.ops):
            for kinds in parts:
                self.let_go(direct(kinds), node, scope)
        return NOTHING

    def _not(self, node: ast.UnaryOp, scope: Scope) -> Kinds:
        self.value(node.operand, scope)
        return NOTHING

    def _named(self, node: ast.NamedExpr, scope: Scope) -> Kinds:
        kinds = self.value(node.value, scope)
        around: Scope | None = scope
        while around is not None:  # a comprehension binds outside of itself
            self.bind(node.target, kinds, around)
            around = around.around
        return kinds

    def _yield(self, node: ast.Yield, scope: Scope) -> Kinds:
        if node.value is not None:
            self.give(self.value(node.value, scope), elements(scope.returns), node, scope)
        return NOTHING

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Kinds:
        inside = scope.inner()
        given = node.args
        for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]:
            if argument is not None:
                inside.names[argument.arg] = NOTHING
        for default in [*given.defaults, *given.kw_defaults]:
            self.lost(default, scope)
        return frozenset({Signature(None, self.value(node.body, inside))})

    def _elements(self, node: ast.Tuple | ast.List | ast.Set, scope: Scope) -> Kinds:
        return collection(frozenset(atom for part in node.elts for atom in self.value(part, scope)))

    def _dict(self, node: ast.Dict, scope: Scope) -> Kinds:
        held: set[Atom] = set()
        for key, value in zip(node.keys, node.values, strict=True):
            self.lost(key, scope)
            kinds = self.value(value, scope)
            held |= elements(kinds) if key is None else kinds
            if key is None:  # {**section} reads all of it
                self.let_go(direct(kinds), value, scope)
        return collection(frozenset(held))

    def _starred(self, node: ast.Starred, scope: Scope) -> Kinds:
        over = self.value(node.value, scope)
        self.let_go(direct(over), node, scope)
        return elements(over)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Kinds:
        return collection(self.value(node.elt, self._inside(node.generators, scope)))

    def _dict_comprehension(self, node: ast.DictComp, scope: Scope) -> Kinds:
        inside = self._inside(node.generators, scope)
        self.lost(node.key, inside)
        return collection(self.value(node.value, inside))

    def _inside(self, generators: list[ast.comprehension], scope: Scope) -> Scope:
        inside = scope.inner()
        for one in generators:
            over = self.value(one.iter, inside)
            self.let_go(direct(over), one.iter, inside)
            self.bind(one.target, elements(over), inside)
            for test in one.ifs:
                self.value(test, inside)
        return inside

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Kinds:
        base = self.value(node.value, scope)
        self.lost(node.slice, scope)
        self.let_go(direct(base), node, scope)
        if isinstance(node.slice, ast.Slice):
            return base
        return elements(base) | frozenset(atom for atom in base if isinstance(atom, ClassObject))

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Kinds:
        found: set[Atom] = set()
        for atom in self.value(node.value, scope):
            match atom:
                case Package():
                    found |= self.globally(atom.name, node.attr)
                case Instance():
                    found |= self._member(atom.of, node, scope)
                case ClassObject():
                    found |= self._class_member(atom.of, node.attr)
                case Items() if node.attr in _GET_ONE:
                    found.add(Signature(None, atom.of))
                case Items() if node.attr in _GET_ALL:
                    found.add(Signature((), frozenset({atom})))
                case _:
                    continue
        self.use(frozenset(found))
        return frozenset(found)

    def _member(self, ref: ClassRef, node: ast.Attribute, scope: Scope) -> Kinds:
        member = self._definitions.member(ref, node.attr)
        if self._report.watches(ref):
            owner = member.function.owner if member and member.function else ref
            if member is None or owner is None or not self._report.watches(owner):
                # What the base of all models, or of all contracts, does with an object may read all of it.
                self._report.whole(ref, scope.module, node.lineno)
                if member is None and node.attr not in _OF_EVERY_CONTRACT:  # a field that it has no more, or not yet
                    self._report.read(ref, node.attr, scope.module, node.lineno)
                return NOTHING
            if member.field:
                self._report.read(ref, node.attr, scope.module, node.lineno)
        if member is None:
            return self._assigned(ref, node.attr)
        if member.function is not None:
            self._report.use(member.function)
        return member.kinds

    def _class_member(self, ref: ClassRef, name: str) -> Kinds:
        member = self._definitions.member(ref, name)
        if member is None:
            return self._assigned(ref, name)
        if member.function is None:
            return member.kinds
        found = member.function
        self._report.use(found)
        return frozenset({Function(found.module, found.node, found.owner, bound=takes_class(found.node))})

    def _assigned(self, ref: ClassRef, name: str) -> Kinds:
        """Return what the methods of a class put into `self.name`, or its body into `name`."""
        if (ref, name) in self._looking:
            return NOTHING  # set to each other
        quiet = Expressions(self._definitions, Silent(self._report), self._looking | {(ref, name)})
        found: set[Atom] = set()
        for text in self._definitions.line(ref):
            if name in text.values:
                found |= quiet.value(text.values[name], Scope(module=text.ref.module, owner=text.ref))
            for method in text.methods.values():
                function = Function(text.ref.module, method, text.ref, bound=True)
                for value, annotation in set_on_self(method, name):
                    found |= self._definitions.annotation(annotation, text.ref.module, text.ref)
                    if value is not None:
                        found |= quiet.value(value, quiet.parameters(function, None))
        return frozenset(found)

    def _call(self, node: ast.Call, scope: Scope) -> Kinds:
        builtin = self._builtin(node, scope)
        if builtin is not None:
            return builtin
        callees = self.value(node.func, scope)
        given = [(argument, self.value(argument, scope)) for argument in node.args]
        named = [(keyword, self.value(keyword.value, scope)) for keyword in node.keywords]
        known = [
            Takes.of(one, self._definitions) for one in callees if isinstance(one, Function | ClassObject | Signature)
        ]
        for takes in known:
            self._hand_over(takes, given, named, scope)
        if not known:
            for part, kinds in [*given, *named]:
                self.let_go(kinds, part, scope)
        found = frozenset(atom for takes in known for atom in takes.gives)
        self.use(found)
        return found

    def _hand_over(
        self,
        takes: Takes,
        given: list[tuple[ast.expr, Kinds]],
        named: list[tuple[ast.keyword, Kinds]],
        scope: Scope,
    ) -> None:
        for index, (part, kinds) in enumerate(given):
            self.give(kinds, takes.any() if isinstance(part, ast.Starred) else takes.at(index), part, scope)
        for keyword, kinds in named:
            if keyword.arg is None:  # **: a section is read whole, a mapping is handed over entry by entry
                self.let_go(direct(kinds), keyword, scope)
                self.give(elements(kinds), takes.any(), keyword, scope)
            else:
                self.give(kinds, takes.named(keyword.arg), keyword, scope)

    def _builtin(self, node: ast.Call, scope: Scope) -> Kinds | None:
        """Return what a call of a builtin, or of typing.cast, gives; None where it is neither."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if scope.find(name) is not None or self.globally(scope.module, name):
                return None  # a name of ours
        if name == "cast" and node.args:
            promised = self.annotated(node.args[0], scope.module, scope.owner)
            return promised | self.value(node.args[-1], scope)
        if not isinstance(node.func, ast.Name):
            return None
        if name == "super" and scope.owner is not None:
            return self._definitions.bases(scope.owner)
        return self._passed(name, node, scope) if name in _LOOKING | _HANDING_ON else None

    def _passed(self, name: str, node: ast.Call, scope: Scope) -> Kinds:
        parts = [*node.args, *(keyword.value for keyword in node.keywords)]
        kinds = frozenset(atom for part in parts for atom in self.value(part, scope))
        if name in _LOOKING:
            return NOTHING
        inside = elements(kinds)
        self.let_go(direct(kinds), node, scope)
        return inside if name == "next" else collection(inside)


def direct(kinds: Kinds) -> Kinds:
    """Return the objects themselves, not what collections hold."""
    return frozenset(atom for atom in kinds if isinstance(atom, Instance))


def is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a method takes neither object nor class."""
    return _decorated(node, "staticmethod")


def takes_class(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a method takes its class first."""
    return _decorated(node, "classmethod") or node.name in {"__new__", "__init_subclass__"}


def _decorated(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in node.decorator_list)


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 0)
    return line
