"""Python modules of a repository: which file a name means, and what its statements bind."""

import ast
import dataclasses
import functools
import hashlib
import sys
from collections.abc import Iterator, Mapping

from shared.affected.errors import ProgramError
from shared.affected.meaning import checks_types_only, digest, meaning
from shared.affected.tree import Tree, text_at


@dataclasses.dataclass(frozen=True)
class Imported:
    """What an import binds: a module, or a name of it. name: empty for the module itself, * for all of its names."""

    module: str
    name: str = ""


Binding = Imported | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign | ast.AnnAssign


@dataclasses.dataclass(frozen=True, eq=False)
class Module:
    """One file. name: dotted; path: relative to the repository; package: whether it is an __init__.py."""

    name: str
    path: str
    package: bool
    text: str
    body: ast.Module

    @property
    def home(self) -> str:
        """Return the package that relative imports start from."""
        return self.name if self.package else self.name.rpartition(".")[0]

    @functools.cached_property
    def bindings(self) -> Mapping[str, Binding]:
        """Return what the names of the module mean; where one is bound twice, the last."""
        return dict(_bound(self.body.body, self.home))

    @functools.cached_property
    def takes_all_of(self) -> tuple[str, ...]:
        """Return the modules whose names it takes all: `from module import *`."""
        return tuple(one.module for one in self.imports if one.name == "*")

    @functools.cached_property
    def imports(self) -> "tuple[Imported, ...]":
        """Return every import of the module that happens at run time, in functions too."""
        return tuple(imports_of(self.body, self.home))

    @functools.cached_property
    def digest(self) -> str:
        """Return the SHA-256 of what matters in the module."""
        return digest(meaning(self.body))

    @functools.cached_property
    def only_passes_on(self) -> bool:
        """Return whether it is the __init__.py of a package that does nothing but name what its modules define."""
        return self.package and all(_passes_on(node) for node in self.body.body)


class ParsedFiles:
    """Modules by name and content, so that stacks and trees share what they have in common."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[str, str, bytes], Module] = {}

    def module(self, name: str, path: str, text: str, ref: str) -> Module:
        """Return a module from its text. Raises ProgramError."""
        key = (name, path, hashlib.sha256(text.encode()).digest())
        if key not in self._parsed:
            body = _parsed(path, text, ref)
            self._parsed[key] = Module(name, path, package=path.endswith("/__init__.py"), text=text, body=body)
        return self._parsed[key]


class Modules:
    """The modules of one tree. Names are looked for in the repository, then, as Pulumi does, in the stack's folder."""

    def __init__(self, tree: Tree, stack: str, parsed: ParsedFiles) -> None:
        self.tree = tree
        self._folder = f"stacks/{stack}"
        self._parsed = parsed
        self._found: dict[str, Module | None] = {}

    def find(self, name: str) -> Module | None:
        """Return the module `name`, None where no file of the repository is meant. Raises ProgramError."""
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def holder(self, name: str) -> Module | None:
        """Return the module that a dotted name begins with: `a.b` for `a.b.Class`."""
        while name:
            module = self.find(name)
            if module is not None:
                return module
            name = name.rpartition(".")[0]
        return None

    def _read(self, name: str) -> Module | None:
        stem = name.replace(".", "/")
        neighbour = name.partition(".")[0] not in sys.stdlib_module_names
        places = (stem, f"{self._folder}/{stem}") if neighbour else (stem,)
        for path in (path for place in places for path in (f"{place}/__init__.py", f"{place}.py")):
            text = text_at(self.tree, path)
            if text is not None:
                return self._parsed.module(name, path, text, self.tree.ref)
        return None


def imports_of(node: ast.AST, home: str) -> Iterator[Imported]:
    """Yield every import below `node` that happens at run time. home: the package that relative ones start from."""
    if isinstance(node, ast.Import):
        yield from (Imported(alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = source_of(node, home)
        yield from (Imported(source, alias.name) for alias in node.names)
    elif isinstance(node, ast.If) and checks_types_only(node):
        for child in node.orelse:
            yield from imports_of(child, home)
    elif not isinstance(node, ast.expr):
        for child in ast.iter_child_nodes(node):
            yield from imports_of(child, home)


def source_of(node: ast.ImportFrom, home: str) -> str:
    """Return the module that a `from ... import` names, without leading dots."""
    if not node.level:
        return node.module or ""
    parts = home.split(".")
    start = ".".join(parts[: len(parts) - node.level + 1])
    return f"{start}.{node.module}" if node.module else start


def bound_by_import(node: ast.Import | ast.ImportFrom, home: str) -> Iterator[tuple[str, Imported]]:
    """Yield the names that an import binds."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            # `import a.b` binds a, `import a.b as c` binds a.b.
            first = alias.name.partition(".")[0]
            yield (alias.asname, Imported(alias.name)) if alias.asname else (first, Imported(first))
    else:
        source = source_of(node, home)
        yield from ((alias.asname or alias.name, Imported(source, alias.name)) for alias in node.names)


def _parsed(path: str, text: str, ref: str) -> ast.Module:
    try:
        return ast.parse(text, path)
    except SyntaxError as error:
        problem = f"is not Python: {error.msg}"
        raise ProgramError(path=path, line=error.lineno or 0, problem=problem, ref=ref) from None
    except (ValueError, RecursionError) as error:
        raise ProgramError(path=path, line=0, problem=f"is not Python: {error}", ref=ref) from None


def _bound(statements: list[ast.stmt], home: str) -> Iterator[tuple[str, Binding]]:
    for node in statements:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from bound_by_import(node, home)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            yield from ((name, node) for target in node.targets for name in _names(target))
        elif isinstance(node, ast.AnnAssign):
            yield from ((name, node) for name in _names(node.target))
        else:
            for field in ("body", "orelse", "handlers", "finalbody"):
                inner: list[ast.stmt] = getattr(node, field, [])
                yield from _bound(inner, home)


def _names(target: ast.expr) -> Iterator[str]:
    yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _passes_on(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.If) and not node.orelse):
        return not isinstance(node, ast.If) or checks_types_only(node)
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
