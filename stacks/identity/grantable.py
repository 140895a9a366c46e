"""What the deploy login may grant to whom: the roles that the later stacks give to the platform's own principals.

A role that lets its holder grant roles is in none of these lists, nor is a login among the principals.
"""

from collections.abc import Mapping
from typing import Final

import pulumi

from shared.components import azure_role as role
from shared.components.azure_role import AzureRole
from shared.environment import Environment
from stacks.identity.delegation import Delegation

_TO_IDENTITIES: Final[Mapping[str, tuple[AzureRole, ...]]] = {
    "cmk": (role.KEY_VAULT_ENCRYPTION_USER,),
    # Microsoft asks for these of a workspace that has an identity of its user's.
    "workspace": (
        role.CONTRIBUTOR,
        role.READER,
        role.NETWORK_CONNECTION_APPROVER,
        role.KEY_VAULT_ADMINISTRATOR,
        role.BLOB_DATA_CONTRIBUTOR,
        role.FILE_DATA_CONTRIBUTOR,
    ),
    "compute": (
        role.KEY_VAULT_SECRETS_USER,
        role.BLOB_DATA_CONTRIBUTOR,
        role.REGISTRY_PULL,
        role.REGISTRY_PUSH,
        role.CONFIGURATION_DATA_READER,
    ),
    "endpoint": (
        role.KEY_VAULT_SECRETS_USER,
        role.BLOB_DATA_READER,
        role.REGISTRY_PULL,
        role.ML_METRICS_WRITER,
        role.ML_CONNECTION_SECRETS_READER,
        role.CONFIGURATION_DATA_READER,
    ),
    "watcher": (role.BLOB_DATA_CONTRIBUTOR,),
}
_TO_GROUPS: Final[Mapping[str, tuple[AzureRole, ...]]] = {
    "ml_admins": (role.KEY_VAULT_SECRETS_OFFICER, role.ML_COMPUTE_OPERATOR, role.CONFIGURATION_DATA_OWNER),
    "data_scientists": (
        role.BLOB_DATA_CONTRIBUTOR,
        role.FILE_DATA_CONTRIBUTOR,
        role.ML_DATA_SCIENTIST,
        role.CONFIGURATION_DATA_READER,
    ),
}


def grantable(env: Environment) -> dict[str, tuple[AzureRole, ...]]:
    """Return the roles that each identity and group may be granted, by the names of IdentityOutputs."""
    return {**_TO_IDENTITIES, **_TO_GROUPS, "scoring_clients": (role.endpoint_scorer(env),)}


def delegations(
    env: Environment,
    *,
    identities: Mapping[str, pulumi.Input[str]],
    groups: Mapping[str, pulumi.Input[str]],
) -> list[Delegation]:
    """Return what the deploy login may grant. identities and groups: object ids by name."""
    roles = grantable(env)
    return [
        *(Delegation(roles=roles[name], to=[one], kind="ServicePrincipal") for name, one in identities.items()),
        *(Delegation(roles=roles[name], to=[one], kind="Group") for name, one in groups.items()),
    ]
