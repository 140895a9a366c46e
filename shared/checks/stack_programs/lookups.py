"""Lookups with what another stack publishes: in a preview they ask the cloud for what is planned and not there yet.

What comes from a contract is followed through local names, fields, the arguments of this repository's functions and
the parameters of `apply`. What a resource of this stack gives back is its own: the engine knows that it is not there.
"""

import ast
import dataclasses
from collections.abc import Iterator

from shared.checks.stack_programs.classes import Classes
from shared.checks.stack_programs.creations import applied_function
from shared.checks.stack_programs.provider_names import is_lookup
from shared.checks.stack_programs.sources import Callback, Scope, Sources, assignments
from shared.checks.stack_programs.trap import Trap, trap_at

_PUBLISH = "a preview asks the cloud for what is not there yet: let that stack publish the value in its contract"


@dataclasses.dataclass
class Lookups:
    """What comes from other stacks in `sources`, grown until nothing is added.

    names: dotted names of parameters, local names and fields (`<class>.<field>`); returning: functions whose result
    comes from another stack whatever they are given.
    """

    sources: Sources
    classes: Classes
    names: set[str] = dataclasses.field(default_factory=set[str])
    returning: set[str] = dataclasses.field(default_factory=set[str])

    def traps(self) -> Iterator[Trap]:
        """Yield a trap for each lookup that is given something of another stack."""
        self._start()
        size = -1
        while size != len(self.names) + len(self.returning):
            size = len(self.names) + len(self.returning)
            for scope in self.sources.scopes.values():
                self._grow(scope)
        for scope in self.sources.scopes.values():
            yield from self._in(scope)

    def _in(self, scope: Scope) -> Iterator[Trap]:
        for node in scope.nodes:
            if not isinstance(node, ast.Call):
                continue
            called = self.sources.resolve(node.func, scope)
            given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg != "opts")]
            if is_lookup(called) and any(self.foreign(one, scope) for one in given):
                problem = f"looks up {called} with what another stack publishes"
                yield trap_at(scope.module.path, node, problem=problem, instead=_PUBLISH)

    def foreign(self, expression: ast.AST, scope: Scope, without: frozenset[str] = frozenset()) -> bool:
        """Return whether an expression holds something of another stack. without: names that do not count."""
        if isinstance(expression, ast.Name):
            seen = {f"{around}.{expression.id}" for around in self._seen(expression.id, scope)}
            return bool(seen & self.names - without)
        if isinstance(expression, ast.Attribute):
            owner = self.classes.of(expression.value, scope)
            fields = {f"{one}.{expression.attr}" for one in (owner, *self.classes.ancestors(owner))}
            return bool(fields & self.names) or self.foreign(expression.value, scope, without)
        if isinstance(expression, ast.Lambda):
            inner = self.sources.scopes[self.sources.resolve(expression, scope)]
            return self.foreign(expression.body, inner, without)
        if isinstance(expression, ast.Call):
            return self._foreign_call(expression, scope, without)
        return any(self.foreign(child, scope, without) for child in ast.iter_child_nodes(expression))

    def _foreign_call(self, call: ast.Call, scope: Scope, without: frozenset[str]) -> bool:
        called = self._called(call, scope)
        if self.classes.is_resource(called) or self._gives_resource(called):
            return False
        owner, _, method = called.rpartition(".")
        if (method == "read" and self.classes.is_contract(owner)) or called in self.returning:
            return True
        made = self.sources.scopes.get(called)
        if made is not None and isinstance(made.node, ast.ClassDef):
            return False  # its fields are followed one by one
        return any(self.foreign(child, scope, without) for child in ast.iter_child_nodes(call))

    def _gives_resource(self, called: str) -> bool:
        made = self.sources.scopes.get(called)
        if made is None or not isinstance(made.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        home = self.classes.around(made)
        named = [name for name in self.classes.mentioned(made.node.returns, home) if name]
        # A class of this repository is followed field by field.
        return any(self.classes.is_resource(name) for name in named) or bool(
            self.classes.annotated(made.node.returns, home)
        )

    def _seen(self, name: str, scope: Scope) -> Iterator[str]:
        """Yield the scopes whose name this is: the innermost that has it as a parameter or assigns it ends the row."""
        for around in scope.chain:
            yield around
            if any(one.arg == name for one in self.sources.scopes[around].parameters):
                return

    def _called(self, call: ast.Call, scope: Scope) -> str:
        name = self.sources.resolve(call.func, scope)
        if name in self.sources.scopes or not isinstance(call.func, ast.Attribute):
            return name
        return self.classes.method(call.func, scope) or name

    def _start(self) -> None:
        for scope in self.sources.scopes.values():
            for parameter in scope.parameters:
                if self._mentions_contract(parameter.annotation, scope):
                    self.names.add(f"{scope.name}.{parameter.arg}")
            if isinstance(scope.node, ast.ClassDef):
                self._start_with_fields(scope, scope.node)

    def _start_with_fields(self, scope: Scope, node: ast.ClassDef) -> None:
        annotated = [field for field in node.body if isinstance(field, ast.AnnAssign)]
        for field in annotated:
            if isinstance(field.target, ast.Name) and self._mentions_contract(field.annotation, scope):
                self.names.add(f"{scope.name}.{field.target.id}")

    def _mentions_contract(self, annotation: ast.expr | None, scope: Scope) -> bool:
        return any(self.classes.is_contract(name) for name in self.classes.mentioned(annotation, scope))

    def _grow(self, scope: Scope) -> None:
        for target, value in assignments(scope):
            if self.foreign(value, scope):
                self._mark(target, scope)
        for node in scope.nodes:
            if isinstance(node, ast.Call):
                self._hand_over(node, scope)
            elif isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
                self._give_back(node.value, scope)

    def _mark(self, target: ast.expr, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            self.names.add(f"{scope.name}.{target.id}")
        elif isinstance(target, ast.Attribute) and (owner := self.classes.of(target.value, scope)):
            self.names.add(f"{owner}.{target.attr}")
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self._mark(part, scope)
        elif isinstance(target, ast.Starred | ast.Subscript):
            self._mark(target.value, scope)

    def _give_back(self, value: ast.expr, scope: Scope) -> None:
        given = {f"{scope.name}.{one.arg}" for one in scope.parameters}
        contracts = {
            f"{scope.name}.{one.arg}" for one in scope.parameters if self._mentions_contract(one.annotation, scope)
        }
        # What was handed in is judged where it is handed in, or one caller would taint them all.
        if self.foreign(value, scope, frozenset(given - contracts)):
            self.returning.add(scope.name)

    def _hand_over(self, call: ast.Call, scope: Scope) -> None:
        callback = applied_function(call)
        if callback is not None and isinstance(call.func, ast.Attribute):
            receiver = [call.func.value, *call.args]
            if any(self.foreign(one, scope) for one in receiver if one is not callback):
                self._mark_parameters(callback, scope)
        called = self.sources.scopes.get(self._called(call, scope))
        if called is None or isinstance(called.node, ast.Module):
            return
        if isinstance(called.node, ast.ClassDef):
            self._fill_fields(call, called, scope)
            return
        bound = called.owner and isinstance(call.func, ast.Attribute)
        self._fill(call, called, scope, skip=1 if bound else 0)

    def _mark_parameters(self, callback: ast.expr, scope: Scope) -> None:
        functions = [callback, *callback.args] if isinstance(callback, ast.Call) else [callback]
        for function in functions:
            made = self.sources.scopes.get(self.sources.resolve(function, scope))
            if made is not None and isinstance(made.node, Callback):
                self.names |= {f"{made.name}.{one.arg}" for one in made.parameters}

    def _fill(self, call: ast.Call, called: Scope, scope: Scope, *, skip: int) -> None:
        parameters = called.parameters[skip:]
        for place, value in enumerate(call.args):
            if place < len(parameters) and self.foreign(value, scope):
                self.names.add(f"{called.name}.{parameters[place].arg}")
        for keyword in call.keywords:
            if keyword.arg and self.foreign(keyword.value, scope):
                self.names.add(f"{called.name}.{keyword.arg}")

    def _fill_fields(self, call: ast.Call, made: Scope, scope: Scope) -> None:
        constructor = self.sources.scopes.get(f"{made.name}.__init__")
        if constructor is not None:
            self._fill(call, constructor, scope, skip=1)
            return
        body = made.node.body if isinstance(made.node, ast.ClassDef) else []
        fields = [one.target.id for one in body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
        for place, value in enumerate(call.args):
            if place < len(fields) and self.foreign(value, scope):
                self.names.add(f"{made.name}.{fields[place]}")
        for keyword in call.keywords:
            if keyword.arg and self.foreign(keyword.value, scope):
                self.names.add(f"{made.name}.{keyword.arg}")
