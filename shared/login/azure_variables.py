"""Which Azure login the ARM_* variables describe, if any.

Names, order and the exact text "true" are those of the azure-native provider, provider/pkg/provider/auth_azidentity.go:
default credential, certificate, secret, OpenID Connect, managed identity, and the Azure CLI where none of them is on.
"""

import dataclasses
from collections.abc import Mapping

from shared.login.errors import MissingLogin
from shared.login.identity import Belonging, Login

_IDS = ("ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID")
_CLIENT = ("ARM_CLIENT_ID", *_IDS)


@dataclasses.dataclass(frozen=True)
class _Method:
    """A way to log in. switch: the variable that turns it on; flag: whether that has to be "true"; needs: the rest."""

    name: str
    switch: str
    flag: bool
    needs: tuple[str, ...]

    def is_on(self, variables: Mapping[str, str]) -> bool:
        value = variables.get(self.switch, "")
        return value == "true" if self.flag else bool(value)


_METHODS = (
    _Method("the default credential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL", flag=True, needs=_IDS),
    _Method("a certificate", "ARM_CLIENT_CERTIFICATE_PATH", flag=False, needs=_CLIENT),
    _Method("a client secret", "ARM_CLIENT_SECRET", flag=False, needs=_CLIENT),
    _Method("OpenID Connect", "ARM_USE_OIDC", flag=True, needs=_CLIENT),
    _Method("a managed identity", "ARM_USE_MSI", flag=True, needs=_IDS),
)
_OIDC_TOKENS = (
    ("ARM_OIDC_TOKEN",),
    ("ARM_OIDC_TOKEN_FILE_PATH",),
    ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
)


def login_in_variables(variables: Mapping[str, str]) -> Login | None:
    """Return the login that the variables describe, or None where they leave it to the Azure CLI."""
    method = next((method for method in _METHODS if method.is_on(variables)), None)
    if method is None:
        return None
    unset = [name for name in method.needs if not variables.get(name)]
    if unset:
        reason = f"{method.switch} asks for {method.name}, and {', '.join(unset)} is not set"
        return MissingLogin(cloud="Azure", reason=reason, fix=f"set {', '.join(unset)}")
    if method.switch == "ARM_USE_OIDC" and not _has_token(variables):
        return MissingLogin(
            cloud="Azure",
            reason="ARM_USE_OIDC is true, and there is no token to exchange",
            fix="give the job the permission id-token: write, or set ARM_OIDC_TOKEN_FILE_PATH",
        )
    return ids_in_variables(variables)


def ids_in_variables(variables: Mapping[str, str]) -> tuple[Belonging, ...]:
    """Return the ids that are set. They count beside a login of the Azure CLI too: other tools follow them."""
    names = {"ARM_SUBSCRIPTION_ID": "subscription", "ARM_TENANT_ID": "tenant"}
    return tuple(
        Belonging(cloud="Azure", what=what, found=variables[name], fix=f"set {name} to the id in the file, or unset it")
        for name, what in names.items()
        if variables.get(name)
    )


def _has_token(variables: Mapping[str, str]) -> bool:
    return any(all(variables.get(name) for name in names) for names in _OIDC_TOKENS)
