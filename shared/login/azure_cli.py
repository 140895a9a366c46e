"""Which Azure login the Azure CLI has."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from shared.login.errors import MissingLogin
from shared.login.identity import Belonging, Login

_SECONDS = 30
_LOG_IN = "run az login"


def login_of_cli(subscription: str, tenant: str, variables: Mapping[str, str]) -> Login:
    """Return the login that the CLI would use for `subscription`, or for its default where it does not know that one.

    variables: the process environment; az is looked up on its PATH.
    """
    az = shutil.which("az", path=variables.get("PATH", ""))
    if az is None:
        return MissingLogin(cloud="Azure", reason="az is not on PATH and no ARM_* login is set", fix="install az")
    for selection in (["--subscription", subscription], []):
        try:
            account = _account([az, "account", "show", *selection, "-o", "json"], variables)
        except subprocess.TimeoutExpired:
            return MissingLogin(cloud="Azure", reason=f"az did not answer within {_SECONDS} seconds", fix=_LOG_IN)
        except (OSError, ValueError):
            return MissingLogin(cloud="Azure", reason="az account show gave no answer that is known", fix="update az")
        if account is not None:
            return _ids(account, tenant)
    return MissingLogin(cloud="Azure", reason="az is not logged in", fix=f"{_LOG_IN} --tenant {tenant}")


def _account(command: list[str], variables: Mapping[str, str]) -> tuple[str, str] | None:
    """Return subscription and tenant of the account that az shows, None where it has none.

    Raises OSError, TimeoutExpired, and ValueError for an answer of another shape.
    """
    answer = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
    )
    if answer.returncode:
        return None
    account: Any = json.loads(answer.stdout)
    try:
        return str(account["id"]), str(account["tenantId"])
    except (KeyError, TypeError):
        raise ValueError("no id and tenantId") from None


def _ids(account: tuple[str, str], tenant: str) -> tuple[Belonging, ...]:
    fix = f"{_LOG_IN} --tenant {tenant}"
    return (
        Belonging(cloud="Azure", what="tenant", found=account[1], fix=fix),
        Belonging(cloud="Azure", what="subscription", found=account[0], fix=fix),
    )
