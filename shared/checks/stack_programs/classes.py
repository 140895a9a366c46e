"""What the classes of this repository are: resources, contracts, and the classes that expressions are of."""

import ast
import dataclasses
from collections.abc import Iterator

from shared.checks.stack_programs.provider_names import is_provider_resource
from shared.checks.stack_programs.sources import Scope, Sources

CONTRACT_BASE = "shared.contracts.stack_outputs.StackOutputs"
_LONGEST_CHAIN = 20


@dataclasses.dataclass(frozen=True)
class Classes:
    """The classes of `sources`."""

    sources: Sources

    def is_resource(self, dotted: str) -> bool:
        """Return whether a call of this name makes a resource: of an SDK, or a component of this repository."""
        return is_provider_resource(dotted) or any(is_provider_resource(base) for base in self.ancestors(dotted))

    def is_contract(self, dotted: str) -> bool:
        """Return whether this is a class of what another stack publishes."""
        return CONTRACT_BASE in self.ancestors(dotted)

    def ancestors(self, dotted: str, depth: int = 0) -> frozenset[str]:
        """Return the names of all classes that a class of this repository is made from; none for anything else."""
        scope = self.sources.scopes.get(dotted)
        if scope is None or not isinstance(scope.node, ast.ClassDef) or depth > _LONGEST_CHAIN:
            return frozenset()
        bases = {self.sources.resolve(_without_index(base), self.around(scope)) for base in scope.node.bases} - {""}
        return frozenset(bases).union(*(self.ancestors(base, depth + 1) for base in bases))

    def around(self, scope: Scope) -> Scope:
        """Return the scope in which this one is defined."""
        return self.sources.scopes[scope.name.rpartition(".")[0]]

    def mentioned(self, annotation: ast.expr | None, scope: Scope) -> Iterator[str]:
        """Yield the names that an annotation mentions, wherever in it."""
        parsed = _unquoted(annotation)
        if parsed is not None:
            for node in ast.walk(parsed):
                if isinstance(node, ast.Name | ast.Attribute):
                    yield self.sources.resolve(node, scope)

    def annotated(self, annotation: ast.expr | None, scope: Scope) -> str:
        """Return the class of this repository that an annotation stands for, X in `X | None` too; or nothing."""
        named = [name for name in self.mentioned(annotation, scope) if self._is_class(name)]
        container = isinstance(_unquoted(annotation), ast.Subscript)
        return named[0] if len(named) == 1 and not container else ""

    def of(self, expression: ast.expr, scope: Scope, depth: int = 0) -> str:
        """Return the class of this repository that an expression is of, or nothing where that is not known."""
        if depth > _LONGEST_CHAIN:
            return ""
        if isinstance(expression, ast.Name):
            return self._of_name(expression.id, scope, depth)
        if isinstance(expression, ast.Attribute):
            return self._of_field(self.of(expression.value, scope, depth + 1), expression.attr)
        if isinstance(expression, ast.Call):
            return self._of_call(self.sources.resolve(expression.func, scope))
        return ""

    def method(self, call: ast.Attribute, scope: Scope) -> str:
        """Return the dotted name of the method of this repository that `object.method` is, or nothing."""
        owner = self.of(call.value, scope)
        for name in (owner, *sorted(self.ancestors(owner))):
            if f"{name}.{call.attr}" in self.sources.scopes:
                return f"{name}.{call.attr}"
        return ""

    def _is_class(self, dotted: str) -> bool:
        scope = self.sources.scopes.get(dotted)
        return scope is not None and isinstance(scope.node, ast.ClassDef)

    def _of_name(self, name: str, scope: Scope, depth: int) -> str:
        if name == "self" and scope.owner:
            return scope.owner
        for around in (self.sources.scopes[dotted] for dotted in scope.chain):
            annotation = next((one.annotation for one in around.parameters if one.arg == name), None)
            if annotation is not None:
                return self.annotated(annotation, around)
            if (assigned := self.sources.values.get(f"{around.name}.{name}")) is not None:
                return self.of(assigned[1], assigned[0], depth + 1)
        return ""

    def _of_field(self, owner: str, field: str) -> str:
        for name in (owner, *sorted(self.ancestors(owner))):
            scope = self.sources.scopes.get(name)
            for node in scope.node.body if scope and isinstance(scope.node, ast.ClassDef) else []:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == field:
                    return self.annotated(node.annotation, scope) if scope else ""
        return ""

    def _of_call(self, called: str) -> str:
        if self._is_class(called):
            return called
        scope = self.sources.scopes.get(called)
        if scope is None or not isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return ""
        return self.annotated(scope.node.returns, self.around(scope))


def _without_index(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base


def _unquoted(annotation: ast.expr | None) -> ast.expr | None:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
    return annotation
