"""What something that is called takes and gives."""

import ast

from shared.affected.atoms import NOTHING, ClassObject, Function, Instance, Kinds, Signature
from shared.affected.definitions import Definitions


class Takes:
    """What something that is called takes and gives."""

    def __init__(
        self, positional: list[Kinds], by_name: dict[str, Kinds], rest: Kinds, rest_named: Kinds, gives: Kinds
    ) -> None:
        self._positional = positional
        self._by_name = by_name
        self._rest = rest
        self._rest_named = rest_named
        self.gives = gives

    @classmethod
    def of(cls, callee: Function | ClassObject | Signature, definitions: Definitions) -> "Takes":
        """Return what a callee takes, by its annotations."""
        match callee:
            case Function():
                gives = definitions.annotation(callee.node.returns, callee.module, callee.owner)
                return cls._of_function(callee, definitions, gives)
            case ClassObject():
                gives = frozenset({Instance(callee.of)})
                constructor = definitions.constructor(callee.of)
                if constructor is not None:
                    return cls._of_function(constructor, definitions, gives)
                fields = definitions.fields(callee.of)
                return cls(list(fields.values()), fields, NOTHING, NOTHING, gives)
            case Signature():
                return cls(list(callee.takes or ()), {}, NOTHING, NOTHING, callee.gives)

    @classmethod
    def _of_function(cls, function: Function, definitions: Definitions, gives: Kinds) -> "Takes":
        arguments = function.node.args

        def kinds(argument: ast.arg | None) -> Kinds:
            annotation = argument.annotation if argument else None
            return definitions.annotation(annotation, function.module, function.owner)

        plain = [*arguments.posonlyargs, *arguments.args][1 if function.bound else 0 :]
        by_name = {one.arg: kinds(one) for one in [*plain, *arguments.kwonlyargs]}
        positional = [by_name[one.arg] for one in plain]
        return cls(positional, by_name, kinds(arguments.vararg), kinds(arguments.kwarg), gives)

    def at(self, index: int) -> Kinds:
        """Return what the parameter at a position takes."""
        return self._positional[index] if index < len(self._positional) else self._rest

    def named(self, name: str) -> Kinds:
        """Return what the parameter with a name takes."""
        return self._by_name.get(name, self._rest_named)

    def any(self) -> Kinds:
        """Return what every parameter takes: which of them a starred argument reaches is not known."""
        every = [*self._positional, *self._by_name.values(), *([self._rest] if self._rest else [])]
        return frozenset.intersection(*every) if every else NOTHING
