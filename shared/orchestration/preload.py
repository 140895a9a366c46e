"""Imported once by the process that workers are forked from, so that each has the SDKs and its own code already.

The SDKs load their modules lazily; what the stacks use is found in their source and touched here. Opens no channel:
gRPC does not survive a fork.
"""

import ast
import gc
import importlib
from collections.abc import Iterable
from pathlib import Path

from pulumi import automation

from shared.environment.loading import REPOSITORY
from shared.orchestration.operations import OPERATIONS

SDKS = {"pulumi_aws", "pulumi_azure_native", "pulumi_azuread"}


def attributes_in_use(source: str) -> set[tuple[str, ...]]:
    """Return what a program takes from the SDKs, as dotted names in parts: ("pulumi_aws", "s3", "Bucket")."""
    module = ast.parse(source)
    known = _names_of_sdks(module)
    chains = (_chain(node) for node in ast.walk(module) if isinstance(node, ast.Attribute))
    found = {(*known[chain[0]], *chain[1:]) for chain in chains if chain and chain[0] in known}
    return found | {names for names in known.values() if len(names) > 1}


def _names_of_sdks(module: ast.Module) -> dict[str, tuple[str, ...]]:
    """Return what the imports of a program call the SDKs and what is in them, by the program's name for it."""
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {name.asname or name.name: (name.name,) for name in node.names if name.name in SDKS}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in SDKS:
            parts = tuple(node.module.split("."))
            found |= {name.asname or name.name: (*parts, name.name) for name in node.names}
    return found


def components_in_use(source: str) -> set[str]:
    """Return the names of the modules of shared.components that a program, or a component, imports."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module]
    inside = {str(node.module).split(".")[2] for node in imports if str(node.module).startswith("shared.components.")}
    named = {name.name for node in imports if node.module == "shared.components" for name in node.names}
    return inside | named


def sources_of(root: Path) -> tuple[str, ...]:
    """Return the source of the stacks of the repository at `root`, and of the components that they are made of."""
    found = [path.read_text(encoding="utf-8") for path in sorted(root.glob("stacks/**/*.py"))]
    waiting, seen = _all_components(found), set[str]()
    while new := waiting - seen:
        seen |= new
        files = [root / "shared" / "components" / f"{name}.py" for name in sorted(new)]
        sources = [file.read_text(encoding="utf-8") for file in files if file.exists()]
        found += sources
        waiting = _all_components(sources)
    return tuple(found)


def _all_components(sources: Iterable[str]) -> set[str]:
    return {name for source in sources for name in components_in_use(source)}


def touch(names: tuple[str, ...]) -> None:
    """Import what a dotted name goes through. One that does not exist is left for the program to complain about."""
    value: object = importlib.import_module(names[0])
    for name in names[1:]:
        value = getattr(value, name, None)


def _chain(node: ast.expr) -> tuple[str, ...] | None:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return (*before, node.attr) if before else None
    return None


def _preload() -> frozenset[tuple[str, ...]]:
    names = {names for source in sources_of(REPOSITORY) for names in attributes_in_use(source)}
    gc.disable()  # nothing of what is imported is garbage; collecting costs a second
    for each in sorted(names):
        touch(each)
    gc.enable()
    gc.freeze()
    return frozenset(names)


PRELOADED = _preload()
ENGINE_API = automation.LocalWorkspace
OWN_CODE = OPERATIONS  # imports of a quarter of a second, which each worker would do
