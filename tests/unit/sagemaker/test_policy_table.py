"""Every policy document of the stack is the one in the table: a wider action, resource, principal or a lost condition
fails here, and so does a document that the table does not have."""

from typing import Any

import pytest

from tests.unit.sagemaker.given_identity import sagemaker
from tests.unit.sagemaker.policy_documents import Documents, Statement, documents, table
from tests.unit.stack_mocks import Run

TABLE = table()
# Actions that know no resource ("Actions, resources, and condition keys for AWS services").
WITHOUT_RESOURCE = {
    "ecr:GetAuthorizationToken",
    "cloudwatch:PutMetricData",
    "sts:GetCallerIdentity",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
}


@pytest.fixture(scope="module")
def found(prod_shaped: Run) -> Documents:
    return documents(prod_shaped)


def test_there_is_no_document_beside_the_table(found: Documents) -> None:
    assert set(found) == set(TABLE)


@pytest.mark.parametrize("document", sorted(TABLE), ids=" ".join)
def test_a_document_is_the_one_in_the_table(found: Documents, document: tuple[str, str, str]) -> None:
    assert found[document] == TABLE[document]


SMALLER: dict[str, dict[str, Any]] = {
    "no network": {"sagemaker__network": None},
    "no start": {"sagemaker__start_on_new_data": False},
    "no flow logs": {"logs__flow_logs": False},
    "no log groups": {"aws__create_log_groups": False},
    "somebody else's provider": {"aws__create_entra_provider": False},
    "a lock": {"sagemaker__object_lock_days": 7},
    "protection": {"protection__deletion": True},
}


DENIALS_OF_THE_NETWORK = {"DenyOutsideVpce", "DenyNoSubnets", "DenyNoSecurityGroups"}


@pytest.mark.parametrize("name", sorted(SMALLER))
def test_no_switch_makes_a_document_wider(name: str) -> None:
    for key, statements in documents(sagemaker(**SMALLER[name])).items():
        for sid, statement in statements.items():
            assert _within(statement, TABLE[key][sid]), f"{key} {sid} is not within the table"
        lost = _denials(TABLE[key]) - _denials(statements)
        assert lost <= (DENIALS_OF_THE_NETWORK if name == "no network" else set())


def _denials(statements: dict[str, Statement]) -> set[str]:
    return {sid for sid, statement in statements.items() if statement["Effect"] == "Deny"}


def _within(statement: Statement, most: Statement) -> bool:
    """Of what is allowed, fewer actions, resources and values are narrower; everything else is equal."""
    if statement == most or statement["Effect"] == "Deny":
        return statement == most
    mine, theirs = ({**each, "Action": None, "Resource": None, "Condition": None} for each in (statement, most))
    return (
        _without_provider(mine) == _without_provider(theirs)
        and set(statement["Action"]) <= set(most["Action"])
        and set(statement.get("Resource", [])) <= set(most.get("Resource", []))
        and _conditions(statement) <= _conditions(most)
        and {condition[:2] for condition in _conditions(statement)}
        == {condition[:2] for condition in _conditions(most)}
    )


def _without_provider(statement: Statement) -> Statement:
    principal = statement.get("Principal")
    federated = isinstance(principal, dict) and "Federated" in principal
    return {**statement, "Principal": "the provider"} if federated else statement


def _conditions(statement: Statement) -> set[tuple[str, str, str]]:
    return {
        (operator, key, value)
        for operator, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
        for value in (values if isinstance(values, list) else [values])
    }


@pytest.mark.parametrize("document", [key for key in sorted(TABLE) if key[0] in {"RolePolicy", "VpcEndpoint"}])
def test_the_table_allows_everything_only_where_an_action_knows_no_resource(document: tuple[str, str, str]) -> None:
    for statement in TABLE[document].values():
        if statement["Effect"] == "Allow" and "*" in statement["Resource"]:
            assert set(statement["Action"]) <= WITHOUT_RESOURCE


def test_the_table_has_no_managed_policy_and_every_role_is_inside_the_boundary(prod_shaped: Run) -> None:
    texts = [str(each.inputs) for each in prod_shaped.resources]
    assert not [text for text in texts if "arn:aws:iam::aws:policy" in text or "AmazonSageMakerFullAccess" in text]
    assert not [each for each in prod_shaped.resources if "Attachment" in each.type]


def test_the_table_has_no_negated_element(found: Documents) -> None:
    for statements in found.values():
        for statement in statements.values():
            assert not set(statement) & {"NotAction", "NotResource", "NotPrincipal"}
