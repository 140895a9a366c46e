"""Explicit providers, made from the environment: the guard against deploying with the wrong login.

A default provider gets an empty configuration, so it would use whatever subscription or account the login has.
"""

import functools
from collections.abc import Callable

import pulumi
from pulumi.runtime import register_invoke_transform, register_stack_transformation

from shared.environment import Environment


def use_explicit_providers(environment: Environment) -> None:
    """Give every resource and every invoke of the running stack a provider configured from `environment`.

    A package's provider is created when its first resource or invoke is.
    """

    @functools.cache
    def provider(package: str) -> pulumi.ProviderResource | None:
        make = _PROVIDERS.get(package)
        return make(environment) if make else None

    def for_resource(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        chosen = provider(args.type_.split(":", 1)[0])
        if chosen is None or args.opts.provider is not None:
            return None
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=chosen))
        return pulumi.ResourceTransformationResult(props=args.props, opts=options)

    def for_invoke(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult | None:
        chosen = provider(args.token.split(":", 1)[0])
        if chosen is None or args.opts.provider is not None:
            return None
        options = pulumi.InvokeOptions.merge(args.opts, pulumi.InvokeOptions(provider=chosen))
        return pulumi.InvokeTransformResult(args=args.args, opts=options)

    register_stack_transformation(for_resource)
    register_invoke_transform(for_invoke)


def _azure(environment: Environment) -> pulumi.ProviderResource:
    from pulumi_azure_native import Provider

    subscription = _known(environment, "azure.subscription_id", environment.azure.subscription_id)
    tenant = _known(environment, "azure.tenant_id", environment.azure.tenant_id)
    return Provider("azure", subscription_id=subscription, tenant_id=tenant, location=environment.azure.location)


def _entra(environment: Environment) -> pulumi.ProviderResource:
    from pulumi_azuread import Provider

    return Provider("entra", tenant_id=_known(environment, "azure.tenant_id", environment.azure.tenant_id))


def _aws(environment: Environment) -> pulumi.ProviderResource:
    from pulumi_aws import Provider, Region

    account = _known(environment, "aws.account_id", environment.aws.account_id)
    return Provider("aws", region=Region(environment.aws.region), allowed_account_ids=[account])


def _known(environment: Environment, key: str, value: object) -> str:
    if value is None:
        raise pulumi.RunError(f"environments/{environment.name}.yaml: {key} is null; fill it in before a real run")
    return str(value)


_PROVIDERS: dict[str, Callable[[Environment], pulumi.ProviderResource]] = {
    "azure-native": _azure,
    "azuread": _entra,
    "aws": _aws,
}
