"""Whether there is a key of ours is the environment's word; a contract that says otherwise is an error."""

import asyncio
import dataclasses

import pytest
from pulumi import Output

from shared.components.customer_key import of_customer_key
from shared.contracts import ContractError, KeyVaultOutputs
from tests.unit.sample_contracts import sample
from tests.unit.sample_environments import sandbox


async def _read(value: str | None) -> str | None:
    key_vault = dataclasses.replace(sample(KeyVaultOutputs, {}), cmk_key_name=Output.from_input(value))
    return await of_customer_key(sandbox(), key_vault, "cmk_key_name").future()


def test_a_key_is_used() -> None:
    assert asyncio.run(_read("cmk")) == "cmk"


def test_a_key_that_should_be_there_and_is_not_is_an_error() -> None:
    with pytest.raises(ContractError, match="is absent, though") as error:
        asyncio.run(_read(None))
    facts = (error.value.producer, error.value.environment, error.value.field)
    assert facts == ("key_vault", "sandbox", "cmk_key_name")
