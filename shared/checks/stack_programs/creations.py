"""Resources that are made inside `apply`: a preview does not see them where the value is not known."""

import ast
import dataclasses
from collections.abc import Iterator

from shared.checks.stack_programs.classes import Classes
from shared.checks.stack_programs.provider_names import is_export
from shared.checks.stack_programs.sources import Scope, Sources
from shared.checks.stack_programs.trap import Trap, trap_at

_UNSEEN = "a preview shows nothing of it where the value is not known, and a plan then refuses it"
_OUTSIDE = f"{_UNSEEN}: do it outside, and hand the Output on as an argument"
_NAME_IT = "give apply a lambda or a function by its name"
# A bare class handed to these is compared with, not called.
_COMPARE = frozenset({"isinstance", "issubclass", "cast"})


@dataclasses.dataclass(frozen=True)
class Creations:
    """Which functions of `sources` make resources, themselves or through others. makers: what, by function."""

    sources: Sources
    classes: Classes
    makers: dict[str, str]

    def traps(self) -> Iterator[Trap]:
        """Yield a trap for each `apply` whose function makes a resource or publishes an output."""
        for scope in self.sources.scopes.values():
            for node in scope.nodes:
                if isinstance(node, ast.Call) and (callback := applied_function(node)) is not None:
                    yield from self._of_callback(node, callback, scope)

    def _of_callback(self, call: ast.Call, callback: ast.expr, scope: Scope) -> Iterator[Trap]:
        path = scope.module.path
        if _is_parameter(callback, scope, self.sources):
            unseen = "gives apply a function that is not named here, so what that makes is not seen"
            yield trap_at(path, call, problem=unseen, instead=_NAME_IT)
            return
        made = sorted({self.makers[name] for name in self.called(callback, scope) if name in self.makers})
        made += sorted({thing for name in self.called(callback, scope) if (thing := _made_by(name, self.classes))})
        for thing in dict.fromkeys(made):
            yield trap_at(path, callback, problem=f"{thing} inside apply", instead=_OUTSIDE)

    def called(self, callback: ast.expr, scope: Scope) -> Iterator[str]:
        """Yield the dotted name of a callback: of the function in `partial(function, ...)` too."""
        if isinstance(callback, ast.Call):
            for part in (callback.func, *callback.args):
                yield from names_called(part, scope, self.sources, self.classes)
        else:
            yield from names_called(callback, scope, self.sources, self.classes)


def find_creations(sources: Sources, classes: Classes) -> Creations:
    """Return which functions make resources."""
    calls = {name: frozenset(_calls_of(scope, sources, classes)) for name, scope in sources.scopes.items()}
    makers: dict[str, str] = {}
    for name, called in calls.items():
        made = sorted(thing for one in called if (thing := _made_by(one, classes)))
        if made:
            makers[name] = made[0]
    growing = True
    while growing:
        through = {
            name: made
            for name, called in calls.items()
            if name not in makers and (made := next((makers[one] for one in sorted(called) if one in makers), ""))
        }
        makers.update(through)
        growing = bool(through)
    # A module makes what it makes when it is imported, and nobody calls it.
    functions = {name: made for name, made in makers.items() if not isinstance(sources.scopes[name].node, ast.Module)}
    return Creations(sources=sources, classes=classes, makers=functions)


def applied_function(call: ast.Call) -> ast.expr | None:
    """Return the function that a call of `apply` is given; None where it is no such call."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "apply":
        return None
    static = isinstance(call.func.value, ast.Attribute | ast.Name) and _last_name(call.func.value) == "Output"
    position = 1 if static else 0
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "func"), None)
    return call.args[position] if len(call.args) > position else named


def names_called(part: ast.expr, scope: Scope, sources: Sources, classes: Classes) -> Iterator[str]:
    """Yield the dotted names of the functions and classes that may be called where `part` is: methods too."""
    name = sources.resolve(part, scope)
    yield name
    if isinstance(part, ast.Attribute):
        yield classes.method(part, scope)
    for made in ("__init__", "__post_init__"):
        yield from (f"{one}.{made}" for one in (name, *classes.ancestors(name)) if f"{one}.{made}" in sources.scopes)


def _calls_of(scope: Scope, sources: Sources, classes: Classes) -> Iterator[str]:
    for node in scope.nodes:
        if isinstance(node, ast.Call):
            compares = isinstance(node.func, ast.Name | ast.Attribute) and _last_name(node.func) in _COMPARE
            handed = [] if compares else [*node.args, *(keyword.value for keyword in node.keywords)]
            for part in (node.func, *(one for one in handed if isinstance(one, ast.Name | ast.Attribute | ast.Lambda))):
                yield from names_called(part, scope, sources, classes)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not isinstance(
            scope.node, ast.Module | ast.ClassDef
        ):
            # A function within a function is there to be called by it.
            lambda_name = sources.resolve(node, scope) if isinstance(node, ast.Lambda) else f"{scope.name}.{node.name}"
            yield lambda_name


def _made_by(dotted: str, classes: Classes) -> str:
    if is_export(dotted):
        return "publishes an output"
    return f"makes {dotted}" if dotted and classes.is_resource(dotted) else ""


def _is_parameter(callback: ast.expr, scope: Scope, sources: Sources) -> bool:
    if not isinstance(callback, ast.Name) or sources.resolve(callback, scope):
        return False
    around = (sources.scopes[name] for name in scope.chain)
    return any(parameter.arg == callback.id for outer in around for parameter in outer.parameters)


def _last_name(expression: ast.Attribute | ast.Name) -> str:
    return expression.attr if isinstance(expression, ast.Attribute) else expression.id
