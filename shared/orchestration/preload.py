"""Imported once by the process that workers are forked from, so that each of them has the SDKs already.

The SDKs load their modules lazily; what the stacks use is found in their source and touched here. Opens no channel:
gRPC does not survive a fork.
"""

import ast
import gc
import importlib

from pulumi import automation

from shared.environment.loading import REPOSITORY

SDKS = {"pulumi_aws", "pulumi_azure_native", "pulumi_azuread"}


def attributes_in_use(source: str) -> set[tuple[str, ...]]:
    """Return what a program takes from the SDKs, as dotted names in parts: ("pulumi_aws", "s3", "Bucket")."""
    module = ast.parse(source)
    aliases = {
        name.asname or name.name: name.name
        for node in ast.walk(module)
        if isinstance(node, ast.Import)
        for name in node.names
        if name.name in SDKS
    }
    chains = (_chain(node) for node in ast.walk(module) if isinstance(node, ast.Attribute))
    found = {(aliases[chain[0]], *chain[1:]) for chain in chains if chain and chain[0] in aliases}
    members = (
        (node.module, *name.name.split("."))
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module in SDKS
        for name in node.names
    )
    return found | {(str(first), *rest) for first, *rest in members}


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
    sources = [*REPOSITORY.glob("stacks/**/*.py"), *REPOSITORY.glob("shared/components/*.py")]
    names = {names for source in sources for names in attributes_in_use(source.read_text(encoding="utf-8"))}
    gc.disable()  # nothing of what is imported is garbage; collecting costs a second
    for each in sorted(names):
        touch(each)
    gc.enable()
    gc.freeze()
    return frozenset(names)


PRELOADED = _preload()
ENGINE_API = automation.LocalWorkspace
