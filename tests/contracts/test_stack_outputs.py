"""Contracts: what is published, and what a reader sees of each leaf."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi import Output

from shared.absent import ABSENT
from shared.contracts import ContractError, StackOutputs, output
from tests.simulated_stack import simulated_stack

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the engine's sentinel for "known after apply"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleOutputs(StackOutputs, stack="sample"):
    name: Output[str] = output("A text.")
    count: Output[int] = output("A number.")
    share: Output[float] = output("A fraction.")
    zones: Output[list[str]] = output("A list.")
    key: Output[str | None] = output("May be absent.")
    token: Output[str] = output("A secret.", secret=True)
    ids: Mapping[str, Output[str]] = output("By name.")


VALUES: dict[str, Any] = {
    "name": "n",
    "count": 3.0,
    "share": 1,
    "zones": ["a", "b"],
    "key": ABSENT,
    "token": "hush",
    "ids": {"one": "1", "two": "2"},
}


class Deployed(pulumi.runtime.Mocks):
    """A cloud in which the stack `sample` published `values`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        assert args.typ in {"pulumi:pulumi:StackReference", "pulumi:pulumi:Stack"}
        if args.typ == "pulumi:pulumi:Stack":
            return "stack", {}
        assert args.name == "organization/sample/prod"
        return args.name, {"name": args.name, "outputs": self._values, "secretOutputNames": ["token"]}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"a contract calls no function, not even {args.token}")


@dataclasses.dataclass(frozen=True)
class Leaf:
    known: bool
    secret: bool
    value: Any


def read_leaf(values: Mapping[str, Any], field: str, key: str | None = None) -> Leaf:
    """Return what a reader sees of one leaf, in a preview."""
    seen: list[Leaf] = []

    async def look() -> None:
        found = getattr(SampleOutputs.read("prod"), field)
        leaf: Output[Any] = found if key is None else found[key]
        seen.append(Leaf(await leaf.is_known(), await leaf.is_secret(), await leaf.future()))

    @pulumi.runtime.test
    def reading() -> Output[None]:
        return Output.from_input(look())

    with simulated_stack(Deployed(values), project="reader", stack="prod", preview=True):
        reading()
    return seen[0]


@pytest.mark.parametrize(
    ("field", "key", "value"),
    [
        ("name", None, "n"),
        ("count", None, 3),
        ("share", None, 1.0),
        ("zones", None, ["a", "b"]),
        ("key", None, None),
        ("ids", "two", "2"),
    ],
)
def test_a_leaf_has_its_value_and_its_type(field: str, key: str | None, value: object) -> None:
    leaf = read_leaf(VALUES, field, key)
    assert leaf == Leaf(known=True, secret=False, value=value)
    assert type(leaf.value) is type(value)


def test_a_secret_stays_secret_and_makes_no_neighbour_secret() -> None:
    assert read_leaf(VALUES, "token") == Leaf(known=True, secret=True, value="hush")
    assert read_leaf(VALUES, "name").secret is False


def test_an_unknown_leaf_makes_no_neighbour_unknown() -> None:
    values = {**VALUES, "name": UNKNOWN, "ids": {"one": UNKNOWN, "two": "2"}}
    assert read_leaf(values, "name").known is False
    assert read_leaf(values, "ids", "one").known is False
    assert read_leaf(values, "ids", "two") == Leaf(known=True, secret=False, value="2")
    assert read_leaf(values, "count") == Leaf(known=True, secret=False, value=3)
    assert read_leaf(values, "token") == Leaf(known=True, secret=True, value="hush")


def test_an_unknown_mapping_makes_its_keys_unknown() -> None:
    assert read_leaf({**VALUES, "ids": UNKNOWN}, "ids", "one").known is False


@pytest.mark.parametrize(
    ("values", "field", "key", "problem"),
    [
        ({name: value for name, value in VALUES.items() if name != "name"}, "name", None, "is not published"),
        (VALUES, "ids", "three", "is not published"),
        ({**VALUES, "name": 7}, "name", None, "should be a text and is a number"),
        ({**VALUES, "count": True}, "count", None, "should be a whole number and is a truth value"),
        ({**VALUES, "count": 2.5}, "count", None, "should be a whole number and is a number"),
        ({**VALUES, "name": ABSENT + "x", "zones": "a"}, "zones", None, "should be a list and is a text"),
    ],
)
def test_a_broken_promise_names_producer_environment_field_and_command(
    values: Mapping[str, Any], field: str, key: str | None, problem: str
) -> None:
    with pytest.raises(ContractError) as caught:
        read_leaf(values, field, key)
    error = caught.value
    assert isinstance(error, pulumi.RunError)
    assert (error.producer, error.environment) == ("sample", "prod")
    assert error.field == (field if key is None else f"{field}['{key}']")
    assert problem in error.problem
    assert "invoke deploy --env prod --stacks sample" in str(error)


def test_a_stack_without_outputs_is_told_from_one_without_this_output() -> None:
    with pytest.raises(ContractError, match="nothing was deployed to that stack"):
        read_leaf({}, "name")


def test_a_field_that_nobody_uses_may_be_missing() -> None:
    assert read_leaf({"name": "n"}, "name").value == "n"


def test_what_is_read_is_the_contract() -> None:
    @pulumi.runtime.test
    def reading() -> None:
        read = SampleOutputs.read("prod")
        assert isinstance(read, SampleOutputs)
        assert read.name is read.name, "a leaf is read once"

    with simulated_stack(Deployed(VALUES), project="reader", stack="prod"):
        reading()


def test_an_absent_value_is_not_mistaken_where_it_may_not_be_absent() -> None:
    assert read_leaf({**VALUES, "name": ABSENT}, "name").value == ABSENT


def test_keys_of_a_mapping_cannot_be_listed() -> None:
    @pulumi.runtime.test
    def reading() -> None:
        ids = SampleOutputs.read("prod").ids
        with pytest.raises(ContractError, match="name the key"):
            list(ids)
        with pytest.raises(ContractError, match="name the key"):
            len(ids)

    with simulated_stack(Deployed(VALUES), project="reader", stack="prod"):
        reading()


def published(**changes: Callable[[], Output[str]]) -> dict[str, Leaf]:
    """Return what `publish` exports of a contract with made-up values."""
    values: dict[str, Any] = {"name": "n", "count": 3, "share": 0.5, "zones": ["a"], "key": None, "token": "hush"}
    values["ids"] = {"b": "2", "a": "1"}
    exported: dict[str, Any] = {}
    found: dict[str, Leaf] = {}

    async def look() -> None:
        for name, value in exported.items():
            leaf: Output[Any] = Output.from_input(value)
            found[name] = Leaf(await leaf.is_known(), await leaf.is_secret(), await leaf.future())

    @pulumi.runtime.test
    def publishing() -> Output[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pulumi, "export", exported.__setitem__)
            made: dict[str, Any] = {name: make() for name, make in changes.items()}
            SampleOutputs(**{**values, **made}).publish()
        return Output.from_input(look())

    with simulated_stack(Deployed({}), project="sample", stack="prod"):
        publishing()
    return found


def test_every_field_is_exported_and_only_declared_secrets_are_secret() -> None:
    found = published()
    assert list(found) == [spec.name for spec in SampleOutputs.specs()]
    assert {name for name, leaf in found.items() if leaf.secret} == {"token"}
    assert found["key"].value == ABSENT
    assert found["ids"].value == {"a": "1", "b": "2"}


def test_a_secret_value_in_a_field_that_is_not_declared_secret_is_refused() -> None:
    with pytest.raises(ContractError, match="declare it with output"):
        published(name=lambda: Output.secret("hush"))


def test_each_field_has_a_description() -> None:
    for contract in StackOutputs.__subclasses__():
        if contract.__module__.startswith("shared."):
            assert all(spec.description.endswith(".") for spec in contract.specs()), contract


def test_the_annotation_of_an_optional_field_survives_typings_cache() -> None:
    """`Output[str | None]` is `Output[Optional[str]]` once an SDK has used that: both mean optional."""
    from typing import Optional

    assert Output[Optional[str]]  # noqa: UP045 - the SDKs' spelling is the point
    assert next(spec for spec in SampleOutputs.specs() if spec.name == "key").optional
