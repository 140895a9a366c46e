"""Whom a login belongs to, and whether that is whom the environment file means: decisions without effects."""

import dataclasses

from shared.environment import Environment
from shared.login.errors import Cloud, MissingLogin, WrongLoginError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Belonging:
    """One id of a login. what: subscription, tenant or account; found: its id; fix: how to log in elsewhere."""

    cloud: Cloud
    what: str
    found: str
    fix: str


def check_belongings(environment: Environment, found: tuple[Belonging, ...]) -> None:
    """Check each id of a login against the environment file. Raises WrongLoginError for the first that differs."""
    expected = {
        "subscription": ("azure.subscription_id", environment.azure.subscription_id),
        "tenant": ("azure.tenant_id", environment.azure.tenant_id),
        "account": ("aws.account_id", environment.aws.account_id),
    }
    for belonging in found:
        key, wanted = expected[belonging.what]
        if belonging.found.lower() != str(wanted).lower():
            raise WrongLoginError(
                cloud=belonging.cloud,
                what=belonging.what,
                expected=str(wanted),
                found=belonging.found,
                path=f"environments/{environment.name}.yaml",
                key=key,
                fix=belonging.fix,
            )


Login = tuple[Belonging, ...] | MissingLogin
"""The ids of a login, or why there is none."""
