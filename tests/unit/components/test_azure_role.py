"""Roles have the GUIDs that Azure gave them, and ours have one of their own per environment."""

from uuid import UUID

from shared.components import azure_role
from shared.components.azure_role import AzureRole, approver, endpoint_scorer, lock_keeper, stable_guid
from tests.unit.sample_environments import SUBSCRIPTION, sandbox

BUILT_IN = {name: role for name, role in vars(azure_role).items() if isinstance(role, AzureRole)}


def test_every_role_is_another_one() -> None:
    assert len(BUILT_IN) > 15
    assert len({role.guid for role in BUILT_IN.values()}) == len(BUILT_IN)
    assert len({role.name for role in BUILT_IN.values()}) == len(BUILT_IN)
    assert all(str(UUID(role.guid)) == role.guid for role in BUILT_IN.values())


def test_a_definition_lies_in_the_subscription() -> None:
    definition = azure_role.READER.definition_id(sandbox())
    guid = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    assert definition == f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{guid}"


def test_our_roles_are_stable_and_differ_between_environments() -> None:
    assert endpoint_scorer(sandbox()) == endpoint_scorer(sandbox())
    assert endpoint_scorer(sandbox()).guid != lock_keeper(sandbox()).guid
    assert endpoint_scorer(sandbox()).guid != endpoint_scorer(sandbox(generation=2)).guid
    assert stable_guid(sandbox(), "a", "b") != stable_guid(sandbox(), "b", "a")


def test_a_managed_network_needs_an_approver() -> None:
    assert approver(sandbox()) == (azure_role.NETWORK_CONNECTION_APPROVER,)
    assert approver(sandbox(ml_workspace__isolation_mode="Disabled")) == ()
