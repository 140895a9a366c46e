"""Arguments for any component, made up from the types that its constructor asks for."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, cast

import pulumi

from shared.components.policy_document import Statement
from shared.contracts import StackOutputs
from shared.environment import Environment
from tests.unit.sample_contracts import sample

# pulumi.Input names these as texts, which Python looks up in the module that uses it.
_NAMES = {"Output": pulumi.Output, "T": typing.TypeVar("T")}
TAGS = {"owner": "test", "environment": "sandbox"}


class _AnyKey(Mapping[str, str]):
    """A mapping with every key: a component asks for those that it needs."""

    def __getitem__(self, key: str) -> str:
        return f"made-up-{key}"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class MakeUp:
    """How arguments are made up: for which environment, and with which answer to every yes-or-no question."""

    environment: Environment
    switches: bool

    def arguments(self, component: type[pulumi.ComponentResource]) -> dict[str, Any]:
        """Return the arguments of a component, without its name and its options."""
        return self._of(component.__init__, leave_out={"self", "name", "opts", "return"})

    def _of(self, made: Callable[..., object], leave_out: set[str]) -> dict[str, Any]:
        hints = typing.get_type_hints(made, localns=_NAMES)
        return {name: self._value(name, hint) for name, hint in hints.items() if name not in leave_out}

    def _value(self, name: str, hint: Any) -> Any:
        kind, parts = typing.get_origin(hint) or hint, typing.get_args(hint)
        if kind in {types.UnionType, typing.Union}:
            return self._value(name, self._plainest(parts))
        if kind in {Sequence, tuple, list}:
            return (self._value(name, parts[0]),)
        plain = {Environment: self.environment, bool: self.switches, int: 7, float: 7.0, Mapping: _AnyKey()}
        if name != "tags" and kind in plain:
            return plain[kind]
        return parts[0] if kind is Literal else TAGS if name == "tags" else self._object(name, kind)

    def _object(self, name: str, kind: Any) -> Any:
        if kind is Statement:
            return Statement(sid="MadeUp", actions=["s3:GetObject"], resources=["arn:aws:s3:::made-up"])
        if inspect.isclass(kind) and issubclass(kind, StackOutputs):
            return sample(cast("Any", kind), {})
        if dataclasses.is_dataclass(kind):
            return kind(**self._of(kind.__init__, leave_out={"self", "return"}))
        if inspect.isclass(kind) and issubclass(kind, pulumi.Resource):
            return pulumi.ComponentResource("test:made:Up", f"made-up-{name}")
        return f"made-up-{name}"

    def _plainest(self, parts: tuple[Any, ...]) -> Any:
        """Return the alternative to make up: text where that is possible, else the first that is not None."""
        if str in parts:
            return str
        return next(part for part in parts if part is not type(None))
