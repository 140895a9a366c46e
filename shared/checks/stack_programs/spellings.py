"""Traps that one name gives away: outputs read past the contracts, and programs that ask whether they are previewed."""

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from shared.checks.stack_programs.classes import Classes
from shared.checks.stack_programs.sources import Scope, Sources
from shared.checks.stack_programs.trap import Trap, trap_at

# The one place that reads other stacks: it keeps each key's own knownness and secretness.
CONTRACTS = Path("shared/contracts")
_REFERENCE = "pulumi.StackReference"
_READERS = frozenset({"get_output", "require_output", "get_output_details"})
_KNOWNNESS = frozenset({"is_dry_run", "contains_unknowns", "is_known"})
_TAKE_THE_CONTRACT = "take that stack's contract as a parameter of the program"
_SAME_IN_BOTH = "a preview then shows something else than what is deployed: do the same in both"


@dataclasses.dataclass(frozen=True)
class _Problem:
    problem: str
    instead: str


def spelling_traps(sources: Sources, classes: Classes) -> Iterator[Trap]:
    """Yield the traps of every module outside the contracts."""
    for scope in sources.scopes.values():
        path = scope.module.path
        if CONTRACTS in path.parents:
            continue
        for node in scope.nodes:
            found = _problem_of(node, scope, sources, classes)
            if found and isinstance(node, ast.expr):
                yield trap_at(path, node, problem=found.problem, instead=found.instead)


def _problem_of(node: ast.AST, scope: Scope, sources: Sources, classes: Classes) -> _Problem | None:
    if isinstance(node, ast.Call) and any(keyword.arg == "run_with_unknowns" for keyword in node.keywords):
        return _Problem("runs a function also where the value is not known", _SAME_IN_BOTH)
    if isinstance(node, ast.Name | ast.Attribute):
        dotted = sources.resolve(node, scope)
        member = _problem_of_member(node, scope, sources, classes) if isinstance(node, ast.Attribute) else None
        return _problem_of_name(dotted) or member
    return None


def _problem_of_name(dotted: str) -> _Problem | None:
    if _is_reference(dotted):
        return _Problem(f"reads another stack through {_REFERENCE}", _TAKE_THE_CONTRACT)
    last = dotted.rpartition(".")[2]
    return _asks(last) if dotted.startswith("pulumi.") and last in _KNOWNNESS else None


def _problem_of_member(node: ast.Attribute, scope: Scope, sources: Sources, classes: Classes) -> _Problem | None:
    if node.attr in _KNOWNNESS:
        return _asks(node.attr)
    if node.attr in _READERS:
        return _Problem(f"reads an output with {node.attr}", _TAKE_THE_CONTRACT)
    if node.attr == "outputs" and _of_reference(node.value, scope, sources, classes):
        return _Problem("reads the outputs of a StackReference", _TAKE_THE_CONTRACT)
    return None


def _asks(name: str) -> _Problem:
    return _Problem(f"asks {name}, so it may go another way while it is previewed", _SAME_IN_BOTH)


def _is_reference(dotted: str) -> bool:
    return dotted in {_REFERENCE, "pulumi.stack_reference.StackReference"}


def _of_reference(value: ast.expr, scope: Scope, sources: Sources, classes: Classes) -> bool:
    """Return whether a value is a reference: made here, or annotated as one."""
    if isinstance(value, ast.Call):
        return _is_reference(sources.resolve(value.func, scope))
    if not isinstance(value, ast.Name):
        return False
    for around in (sources.scopes[name] for name in scope.chain):
        annotation = next((one.annotation for one in around.parameters if one.arg == value.id), None)
        if any(_is_reference(name) for name in classes.mentioned(annotation, around)):
            return True
        assigned = sources.values.get(f"{around.name}.{value.id}")
        if assigned and _of_reference(assigned[1], assigned[0], sources, classes):
            return True
    return False
