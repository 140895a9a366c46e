"""Which Entra tokens AWS exchanges for the role of the training identity: one issuer, one audience, one subject."""

from typing import Any

import pytest

from tests.unit.sagemaker.given_identity import TENANT, sagemaker
from tests.unit.sample_environments import ACCOUNT
from tests.unit.stack_mocks import Run

ISSUER = f"https://login.microsoftonline.com/{TENANT}/v2.0"
GOOD = {"iss": ISSUER, "aud": "app-client", "sub": "compute-principal"}
OTHER_TENANT = "11111111-2222-4333-8444-555555555555"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/login.microsoftonline.com/{TENANT}/v2.0"


def _accepts(run: Run, token: dict[str, str]) -> bool:
    """Decide as AWS STS does: the provider's URL and audiences first, then the trust of the role."""
    provider = run.one("OpenIdConnectProvider").inputs
    if token["iss"] != provider["url"] or token["aud"] not in provider["clientIdLists"]:
        return False
    (statement,) = run.policy("Role", "azure-training", "assumeRolePolicy").values()
    claims = {f"{provider['url'].removeprefix('https://')}:{name}": value for name, value in token.items()}
    return all(
        _test_holds(operator, wanted, claims.get(key))
        for operator, tests in statement["Condition"].items()
        for key, wanted in tests.items()
    )


def _test_holds(operator: str, wanted: Any, value: str | None) -> bool:
    if operator != "StringEquals":
        raise AssertionError(f"the trust may only compare whole texts, and has {operator}")
    return value in (wanted if isinstance(wanted, list) else [wanted])


def test_the_training_identitys_token_is_accepted(prod_shaped: Run) -> None:
    assert _accepts(prod_shaped, GOOD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"},
        {"iss": f"https://sts.windows.net/{TENANT}/"},
        {"iss": "https://login.microsoftonline.com/common/v2.0"},
        {"iss": f"{ISSUER}/"},
        {"aud": "api://app-client"},
        {"aud": "api://AzureADTokenExchange"},
        {"aud": "sts.amazonaws.com"},
        {"sub": "endpoint-principal"},
        {"sub": "workspace-principal"},
        {"sub": "compute-principal-2"},
        {"sub": "*"},
        {"sub": ""},
    ],
)
def test_every_other_token_is_refused(prod_shaped: Run, wrong: dict[str, str]) -> None:
    assert not _accepts(prod_shaped, {**GOOD, **wrong})


def test_the_trust_demands_audience_and_subject_and_names_one_provider(prod_shaped: Run) -> None:
    (statement,) = prod_shaped.policy("Role", "azure-training", "assumeRolePolicy").values()
    host = ISSUER.removeprefix("https://")
    assert statement["Condition"] == {"StringEquals": {f"{host}:aud": "app-client", f"{host}:sub": "compute-principal"}}
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert list(statement["Principal"]) == ["Federated"]


def test_an_account_whose_provider_another_environment_made_is_used_as_it_is() -> None:
    run = sagemaker(aws__create_entra_provider=False)
    assert not run.all("OpenIdConnectProvider")
    (statement,) = run.policy("Role", "azure-training", "assumeRolePolicy").values()
    assert statement["Principal"] == {"Federated": PROVIDER}
    mine, made = (each.policy("Role", "azure-training", "assumeRolePolicy") for each in (run, sagemaker()))
    assert mine["AzureTraining"]["Condition"] == made["AzureTraining"]["Condition"]
