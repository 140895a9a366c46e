"""Which files of the repository a stack's program is made of: everything that its imports lead to.

`from package import name` leads to the module that defines `name`. A package whose __init__.py only passes names on
does not lead to all of them: otherwise every stack would be made of every component.
"""

import ast
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from shared.affected.modules import Imported, Module, Modules, imports_of

_IMPORTERS = frozenset({"import_module", "__import__"})
# Names with which a module finds files that lie beside it.
_FINDERS = frozenset({"__file__", "__path__", "importlib.resources", "pkgutil", "FileAsset", "FileArchive"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reachable:
    """What a program is made of.

    modules: by path. passed_on: for packages that only pass names on, which they do for this program, and from where.
    outside: dotted names of what is imported from elsewhere, and the files that import it.
    """

    modules: Mapping[str, Module]
    passed_on: Mapping[str, tuple[str, ...]]
    outside: Mapping[str, frozenset[str]]


class _Search:
    def __init__(self, modules: Modules, stack: str) -> None:
        self._modules = modules
        self._stack = stack
        self._waiting: list[Module] = []
        self.found: dict[str, Module] = {}
        self.passed_on: dict[str, set[str]] = {}
        self.outside: dict[str, set[str]] = {}
        self._at = ""  # the file whose imports are followed

    def run(self, start: str) -> None:
        self._whole(start)
        while self._waiting:
            module = self._waiting.pop()
            self._at = module.path
            for imported in imports_of(module.body, module.home):
                self._follow(imported)
            for name in _imported_by_call(module.body):
                if name is None:
                    self._everything()
                else:
                    self._whole(name)

    def _follow(self, imported: Imported, *, depth: int = 0) -> None:
        module = self._modules.find(imported.module)
        if imported.name in {"", "*"}:
            self._whole(imported.module)
            return
        inside = f"{imported.module}.{imported.name}"
        if module is None:
            # A folder without __init__.py, or somebody else's package.
            if self._modules.find(inside) or self._modules.holder(imported.module):
                self._whole(inside)
            else:
                self._elsewhere(inside)
            return
        self._parents(imported.module)
        origin = module.bindings.get(imported.name)
        if module.only_passes_on and isinstance(origin, Imported) and depth < len(module.bindings) + 99:
            note = f"{imported.name} is {origin.name or '-'} of {origin.module}"
            self.passed_on.setdefault(module.path, set()).add(note)
            self._own_imports(module)
            self._follow(origin, depth=depth + 1)
        elif module.package and origin is None and self._modules.find(inside):
            self._whole(inside)
        else:
            self._whole(imported.module)

    def _whole(self, name: str) -> None:
        """Take in a module, with all that it imports."""
        if not name:
            return
        self._parents(name)
        module = self._modules.find(name)
        if module is None:
            if self._modules.holder(name) is None:
                self._elsewhere(name)
        elif module.path not in self.found:
            self.found[module.path] = module
            self._waiting.append(module)

    def _elsewhere(self, name: str) -> None:
        self.outside.setdefault(name, set()).add(self._at)

    def _parents(self, name: str) -> None:
        """Take in the packages around a module: Python runs them first."""
        while name := name.rpartition(".")[0]:
            module = self._modules.find(name)
            if module is None:
                continue
            if module.only_passes_on:
                self._own_imports(module)
            elif module.path not in self.found:
                self.found[module.path] = module
                self._waiting.append(module)

    def _own_imports(self, module: Module) -> None:
        """Take in what a package that only passes names on imports for its effect: `import a.b`."""
        for node in module.body.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    note = f"imports {alias.name}"
                    if note not in self.passed_on.setdefault(module.path, set()):
                        self.passed_on[module.path].add(note)
                        self._whole(alias.name)

    def _everything(self) -> None:
        """Take in all modules: a name that is put together at run time may be any of them."""
        for path in sorted(self._modules.tree.paths()):
            pure = PurePosixPath(path)
            if pure.suffix == ".py" and path.startswith(("shared/", f"stacks/{self._stack}/")):
                self._whole(".".join(pure.with_suffix("").parts).removesuffix(".__init__"))


def reachable(modules: Modules, stack: str) -> Reachable:
    """Return what `stacks/<stack>/__main__.py` leads to. Raises ProgramError where a file on the way is not Python."""
    search = _Search(modules, stack)
    search.run(f"stacks.{stack}.__main__")
    return Reachable(
        modules=dict(sorted(search.found.items())),
        passed_on={path: tuple(sorted(notes)) for path, notes in sorted(search.passed_on.items()) if notes},
        outside={name: frozenset(paths) for name, paths in sorted(search.outside.items())},
    )


def reads_files(module: Module) -> bool:
    """Return whether a module could read the files that lie beside it."""
    for node in ast.walk(module.body):
        if isinstance(node, ast.Name) and node.id in _FINDERS:
            return True
        if isinstance(node, ast.Attribute) and node.attr in _FINDERS:
            return True
    imported = imports_of(module.body, module.home)
    return any(not _FINDERS.isdisjoint({one.module, one.name, f"{one.module}.{one.name}"}) for one in imported)


def _imported_by_call(body: ast.Module) -> Iterator[str | None]:
    """Yield the modules that are imported by a call, None for one whose name is not a plain text."""
    for node in ast.walk(body):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name not in _IMPORTERS:
            continue
        first = node.args[0] if node.args else None
        literal = first.value if isinstance(first, ast.Constant) else None
        yield literal if isinstance(literal, str) and not literal.startswith(".") else None
