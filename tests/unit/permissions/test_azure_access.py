"""What Azure lets an identity do."""

import pytest

from shared.components import azure_role
from shared.permissions.azure_access import Assignment, AzureRequest, azure_allows
from shared.permissions.azure_roles import BUILT_IN, SCANNER_ROLES, custom_role

GROUP = "/subscriptions/s/resourceGroups/rg"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/st"
WRITE = "Microsoft.Storage/storageAccounts/write"


def contributor(scope: str, condition: str | None = None) -> Assignment:
    return Assignment(role=BUILT_IN[azure_role.CONTRIBUTOR.guid], scope=scope, condition=condition)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(GROUP, True), (GROUP.upper(), True), (ACCOUNT, True), (f"{GROUP}2", False), (f"{ACCOUNT}/blobServices/d", False)],
)
def test_an_assignment_counts_at_its_scope_and_below(scope: str, expected: bool) -> None:
    assert azure_allows([contributor(scope)], AzureRequest(action=WRITE, scope=ACCOUNT)) is expected


def test_contributor_grants_no_roles_and_reads_no_data() -> None:
    granting = AzureRequest(action="Microsoft.Authorization/roleAssignments/write", scope=GROUP)
    data = AzureRequest(action=f"{WRITE.rpartition('/')[0]}/blobServices/containers/blobs/read", scope=GROUP, data=True)
    assert not azure_allows([contributor(GROUP)], granting)
    assert not azure_allows([contributor(GROUP)], data)


def test_a_condition_takes_away_from_its_own_assignment_only() -> None:
    never = contributor(GROUP, "!(ActionMatches{'*'})")
    request = AzureRequest(action=WRITE, scope=ACCOUNT)
    assert not azure_allows([never], request)
    assert azure_allows([never, contributor(ACCOUNT)], request)


def test_a_role_of_our_own_allows_what_its_definition_says() -> None:
    role = custom_role({"permissions": [{"actions": ["A/*"], "notActions": ["A/b/write"], "dataActions": ["D/x"]}]})
    assert role.allows("a/c/write")
    assert not role.allows("A/b/WRITE")
    assert role.allows("D/x", data=True)
    assert not role.allows("D/x")
    assert role.everything == ("A/*", "D/x")


def test_a_role_with_a_condition_of_its_own_grants_only_what_that_names() -> None:
    operator = Assignment(role=BUILT_IN[azure_role.DEFENDER_SCANNER_OPERATOR.guid], scope=GROUP)

    def granting(role: str) -> bool:
        known = {"@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]": role}
        action = "Microsoft.Authorization/roleAssignments/write"
        return azure_allows([operator], AzureRequest(action=action, scope=ACCOUNT, attributes=known))

    assert [granting(role) for role in SCANNER_ROLES] == [True, True]
    assert not granting(azure_role.CONTRIBUTOR.guid)
    assert azure_allows([operator], AzureRequest(action=WRITE, scope=ACCOUNT))
