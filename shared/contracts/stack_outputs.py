"""The base of every contract: what a stack publishes, and how another stack reads it.

A contract is a frozen dataclass whose fields are Pulumi outputs. The stack that owns it returns it and `publish`
exports it; a stack that takes it as a parameter gets it from `read`, through a `pulumi.StackReference`.

Each leaf is read on its own. `StackReference.get_output` makes every key unknown as soon as one is, and an `apply`
over all outputs makes every key as secret as the most secret one (measured, docs/adr/0001).
"""

import asyncio
import dataclasses
import functools
import types
import typing
from collections.abc import Awaitable, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeGuard, cast

import pulumi
from pulumi import Output
from pulumi.output import contains_unknowns

from shared.absent import ABSENT
from shared.contracts.errors import ContractError


def output(description: str, *, secret: bool = False) -> Any:
    """Declare one field of a contract.

    description: one line, shown in the stack's README.
    secret: whether the value is a secret. Publishing a secret value in a field that is not declared secret fails.
    """
    return dataclasses.field(metadata={"description": description, "secret": secret})


_KINDS: dict[type, str] = {str: "text", int: "whole number", float: "number", bool: "truth value", list: "list"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One field of a contract, as declared."""

    name: str
    leaf: type  # str, int, float, bool or list: what one leaf holds
    optional: bool
    mapping: bool  # a mapping of leaves, each read on its own
    secret: bool
    description: str


class StackOutputs:
    """The outputs that one stack publishes.

    Subclass as a frozen, keyword-only dataclass: `class X(StackOutputs, stack="x")`.
    """

    stack: ClassVar[str]

    def __init_subclass__(cls, *, stack: str, **options: object) -> None:
        """Name the stack that publishes this contract: its folder, which is also its Pulumi project."""
        super().__init_subclass__(**options)
        cls.stack = stack

    @classmethod
    def specs(cls) -> tuple[FieldSpec, ...]:
        """Return the declared fields in their order."""
        hints = typing.get_type_hints(cls)
        return tuple(_spec(field, hints[field.name]) for field in dataclasses.fields(cast("Any", cls)))

    @classmethod
    def read(cls, environment: str) -> Self:
        """Read this contract from the stack that publishes it, deployed to `environment`.

        A field is read when it is used: one that nobody uses may be missing. Problems surface then, as ContractError:
        no such stack, no such output, another type.
        """
        reference = pulumi.StackReference(f"organization/{cls.stack}/{environment}")
        source = _Source(cls.stack, environment, reference)
        fields = {spec.name: _read_on_use(source, spec) for spec in cls.specs()}
        reader: Any = types.new_class(cls.__name__, (cls,), {"stack": cls.stack}, lambda body: body.update(fields))
        return object.__new__(reader)

    def publish(self) -> None:
        """Export every field as an output of the running stack."""
        for spec in self.specs():
            pulumi.export(spec.name, _published(type(self).stack, spec, getattr(self, spec.name)))


@dataclasses.dataclass(frozen=True)
class _Source:
    stack: str
    environment: str
    reference: pulumi.StackReference

    def error(self, field: str, problem: str) -> ContractError:
        return ContractError(producer=self.stack, environment=self.environment, field=field, problem=problem)

    def leaf(self, spec: FieldSpec, key: str | None) -> Output[Any]:
        path = spec.name if key is None else f"{spec.name}[{key!r}]"

        def pick(outputs: dict[str, Any]) -> Any:
            if not outputs:
                raise self.error(
                    path, "cannot be read: nothing was deployed to that stack, or its last deployment failed"
                )
            if spec.name not in outputs:
                raise self.error(path, "is not published")
            value = outputs[spec.name]
            if key is not None and not contains_unknowns(value) and key not in _keys(value):
                raise self.error(path, "is not published")
            if key is not None:
                value = value if not _is_mapping(value) else value.get(key)
            return self._converted(spec, path, value)

        value = self.reference.outputs.apply(pick, run_with_unknowns=True)

        async def is_secret() -> bool:
            names = await self.reference.secret_output_names.future(with_unknowns=True)
            return spec.name in (names or [])

        # Rebuilt with its own secretness: apply() gave it that of the whole map.
        return _rebuilt(value, value.future(with_unknowns=True), is_secret())

    def _converted(self, spec: FieldSpec, path: str, value: Any) -> Any:
        if contains_unknowns(value):
            return value
        if value == ABSENT and spec.optional:
            return None
        if spec.leaf is int and isinstance(value, float) and value.is_integer():
            return int(value)  # numbers cross the engine as floats
        if spec.leaf is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, spec.leaf) or (isinstance(value, bool) and spec.leaf is not bool):
            raise self.error(path, f"should be a {_KINDS[spec.leaf]} and is a {_KINDS.get(type(value), 'map')}")
        return value


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def _keys(value: object) -> Mapping[str, Any]:
    return value if _is_mapping(value) else {}


class _Leaves(Mapping[str, Output[Any]]):
    """A mapping field of another stack: each key is read on its own, so each keeps its own knownness."""

    def __init__(self, source: _Source, spec: FieldSpec) -> None:
        self._source = source
        self._spec = spec

    def __getitem__(self, key: str) -> Output[Any]:
        return self._source.leaf(self._spec, key)

    def __iter__(self) -> Iterator[str]:
        raise self._not_known()

    def __len__(self) -> int:
        raise self._not_known()

    def _not_known(self) -> ContractError:
        problem = "has keys that are not known while the program runs: name the key"
        return self._source.error(self._spec.name, problem)


def _read_on_use(source: _Source, spec: FieldSpec) -> functools.cached_property[Any]:
    property_: functools.cached_property[Any] = functools.cached_property(lambda _: _read_field(source, spec))
    property_.__set_name__(StackOutputs, spec.name)
    return property_


def _read_field(source: _Source, spec: FieldSpec) -> Output[Any] | Mapping[str, Output[Any]]:
    return _Leaves(source, spec) if spec.mapping else source.leaf(spec, None)


def _published(stack: str, spec: FieldSpec, value: Any) -> Any:
    if spec.mapping:
        leaves = cast("Mapping[str, Any]", value)
        return {key: _published_leaf(stack, spec, leaves[key]) for key in sorted(leaves)}
    return _published_leaf(stack, spec, value)


def _published_leaf(stack: str, spec: FieldSpec, value: Any) -> Any:
    leaf: Output[Any] = Output.from_input(value)
    if spec.secret:
        return Output.secret(leaf)

    async def checked() -> Any:
        if await leaf.is_secret():
            problem = "holds a secret and is not declared secret: declare it with output(..., secret=True)"
            raise ContractError(producer=stack, environment=pulumi.get_stack(), field=spec.name, problem=problem)
        return await leaf.future(with_unknowns=True)

    guarded = _rebuilt(leaf, checked(), leaf.is_secret())
    return guarded.apply(_present) if spec.optional else guarded


def _rebuilt(output: Output[Any], value: Awaitable[Any], secret: Awaitable[bool]) -> Output[Any]:
    """Return `output` with another value and another secretness.

    Each part is a task: Output awaits them one after another, and stops at the first that fails.
    """
    future, known, is_secret = (asyncio.ensure_future(part) for part in (value, output.is_known(), secret))
    return Output(output.resources(), future, known, is_secret)


def _present(value: Any) -> Any:
    return ABSENT if value is None else value


def _without_none(hint: Any) -> tuple[bool, Any]:
    # `str | None` arrives as typing.Optional[str] where an SDK has subscripted Output with that before: typing caches.
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        return True, next(part for part in typing.get_args(hint) if part is not types.NoneType)
    return False, hint


def _spec(field: "dataclasses.Field[Any]", hint: Any) -> FieldSpec:
    mapping = typing.get_origin(hint) is Mapping
    inner = typing.get_args(hint)[1] if mapping else hint
    optional, held = _without_none(typing.get_args(inner)[0])
    return FieldSpec(
        name=field.name,
        leaf=typing.get_origin(held) or held,
        optional=optional,
        mapping=mapping,
        secret=bool(field.metadata.get("secret")),
        description=str(field.metadata.get("description", "")),
    )
