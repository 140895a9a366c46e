"""All components of the product, found by importing its modules: there is no list to forget one in."""

import importlib
import inspect
import pkgutil

import pulumi

import shared.components


def _found() -> dict[str, type[pulumi.ComponentResource]]:
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(shared.components.__path__, "shared.components.")
    ]
    return {
        name: member
        for module in modules
        for name, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, pulumi.ComponentResource) and member.__module__ == module.__name__
    }


COMPONENTS = _found()
"""Components by their names."""
