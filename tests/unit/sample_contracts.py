"""Contracts for stack tests, with made-up values."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from pulumi import Output

from shared.contracts import StackOutputs
from tests.unit.sample_environments import SUBSCRIPTION

Contract = TypeVar("Contract", bound=StackOutputs)
NO_KEY = {f"key_vault.cmk_{name}": None for name in ("vault_id", "vault_uri", "key_name", "key_uri")}


def sample(contract: type[Contract], given: Mapping[str, object]) -> Contract:
    """Return a contract whose leaves are made-up texts: "<field>" or "<field>/<key>", ARM ids where they end so.

    given: fields with values of their own, {"key_vault.cmk_key_uri": None}; of a mapping field, all its keys.
    """
    fields: dict[str, Any] = {}
    for spec in contract.specs():
        name = f"{contract.stack}.{spec.name}"
        if not spec.mapping:
            fields[spec.name] = Output.from_input(given[name] if name in given else _made_up(spec.name))
        elif name in given:
            leaves = cast("Mapping[str, object]", given[name])
            fields[spec.name] = {key: Output.from_input(leaf) for key, leaf in leaves.items()}
        else:
            fields[spec.name] = _AnyKey(spec.name)
    return contract(**fields)


class _AnyKey(Mapping[str, Output[Any]]):
    """A mapping field of another stack, whose keys are not known while the program runs."""

    def __init__(self, field: str) -> None:
        self._field = field

    def __getitem__(self, key: str) -> Output[Any]:
        return Output.from_input(_made_up(self._field, key))

    def __iter__(self) -> Iterator[str]:
        raise AssertionError(f"{self._field} is read without naming the key")

    def __len__(self) -> int:
        raise AssertionError(f"{self._field} is read without naming the key")


def _made_up(field: str, key: str = "") -> str:
    text = f"{field}/{key}" if key else field
    if field.endswith(("_id", "_ids")) and not field.startswith(("tenant", "app_", "identity_client")):
        return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Mock/{text}"
    return text
