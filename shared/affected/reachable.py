"""Which files of the repository a stack's program is made of: everything that its imports lead to.

`from package import name` leads to the module that defines `name`. A package whose __init__.py only passes names on
does not lead to all of them: otherwise every stack would be made of every component.
"""

import ast
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from shared.affected.modules import Imported, Module, Modules

_MOST_PASSED_ON = 50  # packages that pass a name on to each other end here
_IMPORTERS = frozenset({"import_module", "__import__"})
# Names with which a module finds files that lie beside it.
_FINDERS = frozenset({"__file__", "__path__", "importlib.resources", "pkgutil", "FileAsset", "FileArchive"})
_SIGNS = ("__file__", "__path__", "importlib", "pkgutil", "FileAsset", "FileArchive")


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
            for imported in module.imports:
                self._follow(imported)
            for name in _imported_by_call(module):
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
        if module.only_passes_on and isinstance(origin, Imported) and depth < _MOST_PASSED_ON:
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
    if not any(sign in module.text for sign in _SIGNS):
        return False  # most of them, without looking at every word
    words = {node.id if isinstance(node, ast.Name) else node.attr for node in _words(module.body)}
    imported = {part for one in module.imports for part in (one.module, one.name, f"{one.module}.{one.name}")}
    return not _FINDERS.isdisjoint(words | imported)


def _words(body: ast.Module) -> Iterator[ast.Name | ast.Attribute]:
    yield from (node for node in ast.walk(body) if isinstance(node, ast.Name | ast.Attribute))


def _imported_by_call(module: Module) -> Iterator[str | None]:
    """Yield the modules that are imported by a call, None for one whose name is not a plain text."""
    if not any(importer in module.text for importer in _IMPORTERS):
        return
    for node in ast.walk(module.body):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _IMPORTERS:
                yield _plain(node.args)
            case _:
                continue


def _plain(arguments: list[ast.expr]) -> str | None:
    match arguments:
        case [ast.Constant(value=str(name)), *_] if not name.startswith("."):
            return name
        case _:
            return None
