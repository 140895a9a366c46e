"""Environments for stack tests: the sandbox, and the sandbox with other values."""

from shared.environment import Environment, load

SUBSCRIPTION = "5a4d0b0c-0000-4000-8000-00000000a002"
ACCOUNT = "000000000000"


def sandbox(**changes: object) -> Environment:
    """Return the sandbox's environment. changes: dotted keys written with __, e.g. storage__access="..."."""
    return changed(load("sandbox"), **changes)


def changed(environment: Environment, **changes: object) -> Environment:
    """Return `environment` with other values, named as those of `sandbox` are."""
    data = environment.model_dump()
    for key, value in changes.items():
        *sections, last = key.split("__")
        target = data
        for section in sections:
            target = target[section]
        target[last] = value
    return Environment.model_validate({**data, "name": environment.name})


def service_endpoint_environment() -> Environment:
    """Return an environment shaped like development: public endpoints for one subnet, no customer-managed key."""
    return sandbox(
        storage__access="service_endpoint",
        storage__sku="Standard_LRS",
        key_vault__customer_managed_key=False,
        key_vault__hardware_keys=False,
        ml_workspace__container_registry_sku="Basic",
        ml_workspace__configuration_sku="free",
        ml_workspace__isolation_mode="Disabled",
        sagemaker__network=None,
    )
