"""Every environment file, and every combination of the switches that open or close the network."""

import itertools
from collections.abc import Iterator

from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment, load
from stacks.network_storage.program import program
from tests.unit.sample_contracts import NO_KEY
from tests.unit.sample_environments import ACCOUNT, changed, sandbox
from tests.unit.stack_mocks import Run, run_program

FILES = ("sandbox", "dev", "staging", "prod")


def file(name: str) -> Environment:
    """Return the environment of a file, with an account where the file does not know its own yet."""
    loaded = load(name)
    return changed(loaded, aws__account_id=loaded.aws.account_id or ACCOUNT)


def combinations() -> Iterator[Environment]:
    """Yield environments with every combination of access, isolation and runners; the other switches alternate."""
    accesses, isolations = ("private_endpoint", "service_endpoint"), ("Disabled", "AllowOnlyApprovedOutbound")
    runners = (None, "10.99.2.0/26")
    for number, (access, isolation, runner) in enumerate(itertools.product(accesses, isolations, runners)):
        own_key = number % 2 == 0
        yield sandbox(
            storage__access=access,
            ml_workspace__isolation_mode=isolation,
            virtual_network__address_space="10.99.0.0/16",
            virtual_network__private_endpoint_subnet="10.99.0.0/26",
            virtual_network__training_subnet="10.99.1.0/24",
            virtual_network__runner_subnet=runner,
            key_vault__customer_managed_key=own_key,
            key_vault__hardware_keys=own_key,
            protection__defender=not own_key,
            logs__flow_logs=own_key,
        )


def run_in(env: Environment) -> Run:
    """Return what network_storage registers in an environment."""
    given = {} if env.key_vault.customer_managed_key else NO_KEY
    return run_program(program, env, IdentityOutputs, KeyVaultOutputs, given=given)
