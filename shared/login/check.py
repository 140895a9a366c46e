"""Check the logins that a run needs, before it touches anything."""

import os
from collections.abc import Callable, Mapping

from shared.environment import Environment, require_ids
from shared.login.aws_account import Sts, login_of_account, sts_client
from shared.login.azure_cli import login_of_cli
from shared.login.azure_variables import ids_in_variables, login_in_variables
from shared.login.errors import Cloud, LoginMissingError, MissingLogin
from shared.login.identity import Login, check_belongings

_CLOUDS: dict[str, Cloud] = {"azure-native": "Azure", "azuread": "Azure", "aws": "AWS"}
_SCHEMES: dict[str, Cloud] = {"azblob": "Azure", "azurekeyvault": "Azure", "s3": "AWS", "awskms": "AWS"}

ALL_PACKAGES = frozenset(_CLOUDS)
"""The Pulumi packages whose logins can be checked."""


def check_logins(
    environment: Environment,
    packages: frozenset[str] = ALL_PACKAGES,
    *,
    variables: Mapping[str, str] | None = None,
    sts: Callable[[str], Sts] = sts_client,
) -> None:
    """Check that the logins for `packages`, and for the state, belong where the environment file says.

    variables: the process environment, None for the real one; sts: makes the client of AWS for a region.
    Raises EnvironmentFileError where an id is null, WrongLoginError, LoginMissingError (all missing ones at once),
    ValueError for a package that has no guard.
    """
    require_ids(environment)
    clouds = clouds_of(environment, packages)
    found: list[Login] = []
    if "Azure" in clouds:
        found.append(_azure(environment, dict(os.environ) if variables is None else variables))
    if "AWS" in clouds:
        found.append(login_of_account(environment.aws.region, sts))
    for login in found:
        if not isinstance(login, MissingLogin):
            check_belongings(environment, login)
    missing = tuple(login for login in found if isinstance(login, MissingLogin))
    if missing:
        raise LoginMissingError(missing)


def clouds_of(environment: Environment, packages: frozenset[str]) -> frozenset[Cloud]:
    """Return the clouds that `packages` and the state of `environment` need. Raises ValueError."""
    unguarded = sorted(packages - ALL_PACKAGES)
    if unguarded:
        raise ValueError(f"there is no login guard for {', '.join(unguarded)}; use some of {sorted(ALL_PACKAGES)}")
    state = (environment.state.backend, environment.state.secrets_provider, environment.state.plan_set_key)
    schemes = ((url or "").partition("://")[0] for url in state)
    needed: set[Cloud] = {_CLOUDS[package] for package in packages}
    needed |= {_SCHEMES[scheme] for scheme in schemes if scheme in _SCHEMES}
    return frozenset(needed)


def _azure(environment: Environment, variables: Mapping[str, str]) -> Login:
    in_variables = login_in_variables(variables)
    if in_variables is not None:
        return in_variables
    # The provider is told subscription and tenant, other tools follow the variables: they must not disagree.
    check_belongings(environment, ids_in_variables(variables))
    azure = environment.azure
    return login_of_cli(str(azure.subscription_id), str(azure.tenant_id), variables)
