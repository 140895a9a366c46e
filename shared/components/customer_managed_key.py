"""A key of ours in a vault, with which Azure services encrypt what they hold."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import keyvault

from shared.components import tokens


class CustomerManagedKey(pulumi.ComponentResource):
    """An RSA key that wraps other keys and does nothing else, and that rotates itself.

    It is renewed 60 days before its two years are over, and people are told 30 days before. hardware: keep it in a
    hardware security module, for which the vault must be a premium one. protect: Pulumi refuses to delete it.
    """

    key_name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        vault_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        hardware: bool,
        protect: bool,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.CUSTOMER_MANAGED_KEY, name, {}, opts)
        key = keyvault.Key(
            name,
            key_name=name,
            vault_name=vault_name,
            resource_group_name=resource_group_name,
            properties=keyvault.KeyPropertiesArgs(
                kty="RSA-HSM" if hardware else "RSA",
                key_size=3072,
                key_ops=["wrapKey", "unwrapKey"],
                rotation_policy=keyvault.RotationPolicyArgs(
                    attributes=keyvault.KeyRotationPolicyAttributesArgs(expiry_time="P2Y"),
                    lifetime_actions=[
                        _before_expiry(keyvault.KeyRotationPolicyActionType.ROTATE, "P60D"),
                        _before_expiry(keyvault.KeyRotationPolicyActionType.NOTIFY, "P30D"),
                    ],
                ),
            ),
            tags=dict(tags),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                # The provider deletes keys through the vault's own network, which no runner reaches.
                retain_on_delete=True,
                # It was a root resource once, and what it encrypts would be lost with it.
                aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)],
            ),
        )
        self.key_name = key.name
        self.register_outputs({"key_name": self.key_name})


def _before_expiry(action: keyvault.KeyRotationPolicyActionType, time: str) -> keyvault.LifetimeActionArgs:
    return keyvault.LifetimeActionArgs(
        action=keyvault.ActionArgs(type=action), trigger=keyvault.TriggerArgs(time_before_expiry=time)
    )
