"""Modules, scopes and names of a tree of Python files, read from their syntax alone.

Everything has a dotted name: `stacks.a.program.program` is a function, `stacks.a.program.program.inner` a function in
it, `shared.components.x.X.method` a method. A lambda is called after its place.
"""

import ast
import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Callback = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_LONGEST_CHAIN = 20


@dataclasses.dataclass(frozen=True)
class Module:
    """One file. name: dotted; imports: what each imported name stands for, dotted."""

    path: Path
    name: str
    tree: ast.Module
    imports: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Scope:
    """A module, class or function. chain: the scopes around it whose names it sees, its own first."""

    name: str
    module: Module
    node: ast.Module | ast.ClassDef | Callback
    chain: tuple[str, ...]
    owner: str  # the class that a method belongs to, or nothing

    @functools.cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The nodes of this scope without those of the functions and classes in it, which are scopes themselves."""
        return tuple(_own_nodes(self.node))

    @property
    def parameters(self) -> tuple[ast.arg, ...]:
        """The parameters in their order; none where it is no function."""
        if not isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return ()
        given = self.node.args
        rest = [extra for extra in (given.vararg, given.kwarg) if extra]
        return (*given.posonlyargs, *given.args, *given.kwonlyargs, *rest)


@dataclasses.dataclass(frozen=True)
class Sources:
    """All scopes of a tree by dotted name. values: what is assigned to a name, by the name's dotted name."""

    modules: Mapping[str, Module]
    scopes: Mapping[str, Scope]
    values: Mapping[str, tuple[Scope, ast.expr]]

    def resolve(self, expression: ast.expr, scope: Scope) -> str:
        """Return the dotted name that an expression stands for, or nothing where that is not known."""
        return self._resolved(expression, scope, 0)

    def canonical(self, dotted: str) -> str:
        """Return the name under which something was defined, given one under which a module passes it on."""
        for _ in range(_LONGEST_CHAIN):
            home, _, rest = self._split(dotted)
            first, dot, more = rest.partition(".")
            passed_on = self.modules[home].imports.get(first) if home else None
            if passed_on is None or f"{home}.{first}" in self.scopes:
                return dotted
            dotted = passed_on + dot + more
        return dotted

    def _split(self, dotted: str) -> tuple[str, str, str]:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            home = ".".join(parts[:length])
            if home in self.modules:
                return home, ".", ".".join(parts[length:])
        return "", "", dotted

    def _resolved(self, expression: ast.expr, scope: Scope, depth: int) -> str:
        if depth > _LONGEST_CHAIN:
            return ""
        if isinstance(expression, ast.Lambda):
            return _lambda_name(scope.name, expression)
        if isinstance(expression, ast.Attribute):
            inner = self._resolved(expression.value, scope, depth + 1)
            return self.canonical(f"{inner}.{expression.attr}") if inner else ""
        if isinstance(expression, ast.Name):
            return self._resolved_name(expression.id, scope, depth)
        return ""

    def _resolved_name(self, name: str, scope: Scope, depth: int) -> str:
        if name in {"self", "cls"} and scope.owner:
            return scope.owner
        for around in scope.chain:
            dotted = f"{around}.{name}"
            if dotted in self.scopes:
                return dotted
            if any(parameter.arg == name for parameter in self.scopes[around].parameters):
                return ""
            if dotted in self.values:
                home, value = self.values[dotted]
                return self._resolved(value, home, depth + 1)
        imported = scope.module.imports.get(name)
        return self.canonical(imported) if imported else ""


def read_sources(files: Iterable[tuple[Path, ast.Module]]) -> Sources:
    """Return the names of these files. Each path is relative to the repository's root."""
    modules = {module.name: module for module in (_module(path, tree) for path, tree in files)}
    scopes = {scope.name: scope for module in modules.values() for scope in _scopes_of_module(module)}
    values = {name: (scope, value) for scope in scopes.values() for name, value in _values_in(scope)}
    return Sources(modules=modules, scopes=scopes, values=values)


def assignments(scope: Scope) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what is assigned in a scope: target and value. A loop gives its variable the whole of what it runs over."""
    for node in scope.nodes:
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
            yield node.target, node.value
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.target, node.iter
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            yield node.optional_vars, node.context_expr


def module_name(path: Path) -> str:
    """Return the dotted name of the module in a file. path: relative to the repository's root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(tree: ast.Module) -> frozenset[str]:
    """Return the dotted names of what may be a module among what a file imports: packages around it too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(".".join(name.split(".")[:length]) for name in found for length in range(1, name.count(".") + 2))


def _module(path: Path, tree: ast.Module) -> Module:
    return Module(path=path, name=module_name(path), tree=tree, imports=dict(_imports_of(tree)))


def _imports_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _scopes_of_module(module: Module) -> Iterator[Scope]:
    top = Scope(name=module.name, module=module, node=module.tree, chain=(module.name,), owner="")
    yield top
    yield from _scopes_within(top)


def _scopes_within(outer: Scope) -> Iterator[Scope]:
    is_class = isinstance(outer.node, ast.ClassDef)
    # The names of a class are not seen by its methods.
    seen = outer.chain[1:] if is_class else outer.chain
    for node in outer.nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        name = _lambda_name(outer.name, node) if isinstance(node, ast.Lambda) else f"{outer.name}.{node.name}"
        owner = outer.name if is_class else outer.owner
        inner = Scope(name=name, module=outer.module, node=node, chain=(name, *seen), owner=owner)
        yield inner
        yield from _scopes_within(inner)


def _values_in(scope: Scope) -> Iterator[tuple[str, ast.expr]]:
    for node in scope.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                yield f"{scope.name}.{target.id}", node.value


def _own_nodes(node: ast.Module | ast.ClassDef | Callback) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(node.body) if isinstance(node.body, list) else [node.body]
    while waiting:
        found = waiting.pop(0)
        yield found
        if not isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting[:0] = ast.iter_child_nodes(found)


def _lambda_name(outer: str, node: ast.Lambda) -> str:
    return f"{outer}.<lambda {node.lineno}:{node.col_offset}>"
