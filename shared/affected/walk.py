"""Follow the objects of some classes through the statements of functions."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from shared.affected.atoms import NOTHING, Function, Kinds, Package, elements
from shared.affected.definitions import Definitions
from shared.affected.expressions import Expressions, direct
from shared.affected.modules import bound_by_import
from shared.affected.report import Report
from shared.affected.scope import Scope

Rule = Callable[[Any, Scope], None]


class Walk:
    """A walk through functions, or through statements of a module."""

    def __init__(self, definitions: Definitions, report: Report) -> None:
        self._definitions = definitions
        self._expressions = Expressions(definitions, report)
        self._rules: Mapping[type[ast.stmt], Rule] = {
            ast.AnnAssign: self._annotated,
            ast.Assert: self._assert,
            ast.Assign: self._assign,
            ast.AsyncFor: self._for,
            ast.AsyncFunctionDef: self._nested,
            ast.AsyncWith: self._with,
            ast.ClassDef: self._class,
            ast.Expr: self._expression,
            ast.For: self._for,
            ast.FunctionDef: self._nested,
            ast.If: self._if,
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.Return: self._return,
            ast.While: self._if,
            ast.With: self._with,
        }

    def function(self, function: Function, around: Scope | None = None) -> None:
        """Walk through a function."""
        self._outside(function.node, around or Scope(module=function.module, owner=function.owner))
        scope = self._expressions.parameters(function, around)
        for _ in range(2):  # what is bound below may be used above, in a loop
            self.statements(function.node.body, scope)

    def class_body(self, node: ast.ClassDef, scope: Scope) -> None:
        """Walk through what a class is made of, but for its methods."""
        for part in [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]:
            self.expression(part, scope)
        methods = ast.FunctionDef | ast.AsyncFunctionDef
        self.statements([one for one in node.body if not isinstance(one, methods)], scope.inner())

    def _outside(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        """Walk through what is evaluated where a function is defined: decorators and defaults."""
        for decorator in node.decorator_list:
            self.expression(decorator, scope)
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            self._expressions.lost(default, scope)

    def statements(self, body: list[ast.stmt], scope: Scope) -> None:
        """Walk through statements."""
        for node in body:
            rule = self._rules.get(type(node), self._parts)
            rule(node, scope)

    def expression(self, node: ast.expr, scope: Scope) -> Kinds:
        """Walk through an expression and return what it is."""
        return self._expressions.value(node, scope)

    def _parts(self, node: ast.AST, scope: Scope) -> None:
        """Walk through what has no rule of its own: objects that go in there are let go."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statements([child], scope)
            elif isinstance(child, ast.expr):
                self._expressions.lost(child, scope)
            else:
                self._parts(child, scope)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        kinds = self.expression(node.value, scope)
        for target in node.targets:
            self._expressions.bind(target, kinds, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        promised = self._expressions.annotated(node.annotation, scope.module, scope.owner)
        kinds = self.expression(node.value, scope) if node.value else NOTHING
        self._expressions.bind(node.target, promised | kinds, scope)

    def _assert(self, node: ast.Assert, scope: Scope) -> None:
        self.expression(node.test, scope)
        self._expressions.lost(node.msg, scope)

    def _return(self, node: ast.Return, scope: Scope) -> None:
        if node.value is not None:
            self._expressions.give(self.expression(node.value, scope), scope.returns, node, scope)

    def _expression(self, node: ast.Expr, scope: Scope) -> None:
        self.expression(node.value, scope)

    def _if(self, node: ast.If | ast.While, scope: Scope) -> None:
        self.expression(node.test, scope)
        self.statements([*node.body, *node.orelse], scope)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        over = self.expression(node.iter, scope)
        self._expressions.let_go(direct(over), node, scope)
        self._expressions.bind(node.target, elements(over), scope)
        self.statements([*node.body, *node.orelse], scope)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            kinds = self.expression(item.context_expr, scope)
            self._expressions.bind(item.optional_vars, kinds | elements(kinds), scope)  # what a generator yields, too
        self.statements(node.body, scope)

    def _nested(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        function = Function(scope.module, node, local=True)
        scope.bind(node.name, frozenset({function}))
        self.function(function, around=scope)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        self.statements(node.body, scope.inner())

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        found = self._definitions.modules.find(scope.module)
        for name, imported in bound_by_import(node, found.home if found else ""):
            package: Kinds = frozenset({Package(imported.module)})
            inside = self._expressions.globally(imported.module, imported.name) if imported.name else package
            scope.bind(name, inside)
