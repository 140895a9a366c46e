"""Who may grant what to whom, decided as Azure decides it: the conditions are read and evaluated."""

import itertools
import re
import uuid
from collections.abc import Iterator

import pytest

from shared.components import azure_role
from shared.components.azure_role import AzureRole, endpoint_scorer, lock_keeper, platform_deployer
from shared.environment import load
from shared.permissions.role_condition import Asked, condition_test
from stacks.identity.azure_logins import deploy_roles, preview_roles
from stacks.identity.delegation import KnownDelegation, condition
from stacks.identity.grantable import grantable
from stacks.identity.principals import GROUPS, IDENTITIES
from stacks.identity.program import program
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run, run_program
from tests.unit.test_stacks_in_every_environment import PROGRAMS, runs

__all__ = ["runs"]

ENVIRONMENT = sandbox(protection__locks=True)
ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
OWNER = AzureRole("owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
GIVES_RIGHTS = (
    OWNER,
    azure_role.USER_ACCESS_ADMINISTRATOR,
    azure_role.RBAC_ADMINISTRATOR,
    platform_deployer(ENVIRONMENT),
)
ROLES = (
    *{role.guid: role for role in vars(azure_role).values() if isinstance(role, AzureRole)}.values(),
    *(OWNER, endpoint_scorer(ENVIRONMENT), lock_keeper(ENVIRONMENT), platform_deployer(ENVIRONMENT)),
)
LOGINS = ("gha-preview", "gha-deploy", "gha-identity")
SOMEBODY = "somebody"


@pytest.fixture(scope="module")
def run() -> Run:
    return run_program(program, ENVIRONMENT)


@pytest.fixture(scope="module")
def principals(run: Run) -> dict[str, str]:
    """Return the object ids of everybody by name."""
    logins = {name: f"{name}/principal" for name in LOGINS}
    return {**run.outputs["principals"], **run.outputs["groups"], **logins, SOMEBODY: str(uuid.uuid4())}


def attributes(role: str, principal: str, kind: str, source: str) -> dict[str, str]:
    facts = {"RoleDefinitionId": role, "PrincipalId": principal, "PrincipalType": kind}
    return {f"{source}[{ASSIGNMENTS}:{name}]": value for name, value in facts.items()}


def may(text: str, verb: str, role: AzureRole, principal: str, kind: str) -> bool:
    """Tell whether a condition lets its holder grant (write) or take away (delete) a role."""
    source = {"write": "@Request", "delete": "@Resource"}[verb]
    facts = attributes(role.guid, principal, kind, source)
    return condition_test(text)(Asked(action=f"{ASSIGNMENTS}/{verb}", attributes=facts))


def condition_of(run: Run, login: str) -> str:
    name = f"resource-group-{login}-rbac-administrator"
    return str(run.one("authorization:RoleAssignment", name).inputs["condition"])


def kind_of(name: str) -> str:
    return "Group" if name in GROUPS else "User" if name == SOMEBODY else "ServicePrincipal"


def grants(run: Run, login: str, principals: dict[str, str], verb: str) -> set[tuple[str, str]]:
    """Return all pairs of a role and a principal that a login may grant, of all that there are."""
    text = condition_of(run, login)
    return {
        (name, role.name)
        for name, role in itertools.product(principals, ROLES)
        if may(text, verb, role, principals[name], kind_of(name))
    }


@pytest.mark.parametrize("verb", ["write", "delete"])
def test_the_deployer_grants_its_roles_to_services_and_groups_and_nothing_else(
    run: Run, principals: dict[str, str], verb: str
) -> None:
    wanted = {(name, role.name) for name, roles in grantable(ENVIRONMENT).items() for role in roles}
    assert {name for name, _ in wanted} == {*IDENTITIES, *GROUPS}
    assert grants(run, "gha-deploy", principals, verb) == wanted


@pytest.mark.parametrize("verb", ["write", "delete"])
def test_the_identity_login_grants_what_the_other_logins_have_and_nothing_to_itself(
    run: Run, principals: dict[str, str], verb: str
) -> None:
    assert grants(run, "gha-identity", principals, verb) == {
        *(("gha-preview", role.name) for role in preview_roles()),
        *(("gha-deploy", role.name) for role in deploy_roles(ENVIRONMENT)),
    }


@pytest.mark.parametrize("login", ["gha-deploy", "gha-identity"])
@pytest.mark.parametrize("role", GIVES_RIGHTS, ids=lambda role: role.name)
def test_no_login_grants_a_role_that_gives_rights(
    run: Run, principals: dict[str, str], login: str, role: AzureRole
) -> None:
    text = condition_of(run, login)
    kinds = ("User", "Group", "ServicePrincipal", "ForeignGroup", "Device")
    for name, kind, verb in itertools.product(principals, kinds, ("write", "delete")):
        assert not may(text, verb, role, principals[name], kind)


def test_a_right_principal_of_a_wrong_kind_is_refused(run: Run, principals: dict[str, str]) -> None:
    text = condition_of(run, "gha-deploy")
    assert may(text, "write", azure_role.REGISTRY_PULL, principals["compute"], "ServicePrincipal")
    assert not may(text, "write", azure_role.REGISTRY_PULL, principals["compute"], "User")


def test_what_a_request_says_does_not_decide_about_what_is_there(run: Run, principals: dict[str, str]) -> None:
    # Who deletes the assignment of an owner could say of it what the condition wants to hear.
    test = condition_test(condition_of(run, "gha-deploy"))
    said = attributes(azure_role.REGISTRY_PULL.guid, principals["compute"], "ServicePrincipal", "@Request")
    there = attributes(OWNER.guid, principals[SOMEBODY], "User", "@Resource")
    assert not test(Asked(action=f"{ASSIGNMENTS}/delete", attributes={**said, **there}))
    assert not test(Asked(action=f"{ASSIGNMENTS}/write", attributes={}))
    assert test(Asked(action="Microsoft.Storage/storageAccounts/write", attributes={}))


@pytest.mark.parametrize("login", ["gha-deploy", "gha-identity"])
def test_a_condition_with_real_ids_fits_into_the_limit(run: Run, login: str) -> None:
    real = re.sub(
        r"(?<=PrincipalId\] ForAnyOfAnyValues:GuidEquals \{)[^}]*", str(uuid.uuid4()), condition_of(run, login)
    )
    assert real != condition_of(run, login)
    assert len(real) < 8 * 1024


def test_the_same_delegations_make_the_same_text() -> None:
    one = KnownDelegation(roles=["b", "a"], to=["d", "c"], kind="Group")
    other = KnownDelegation(roles=["a", "b"], to=["c", "d"], kind="Group")
    assert condition([one]) == condition([other])
    assert condition([one]).count("{a, b} AND") == condition([one]).count("{c, d})") == 2


def granted(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the name of the principal and the GUID of the role of every assignment of a later stack."""
    for one in run.all("authorization:RoleAssignment").values():
        yield one.inputs["principalId"].split("/")[1], one.inputs["roleDefinitionId"].rpartition("/")[2]


def test_later_stacks_grant_only_what_is_grantable(runs: tuple[str, list[Run]]) -> None:
    environment, by_stack = runs
    later = [run for run, declared in zip(by_stack, PROGRAMS, strict=True) if declared is not program]
    used = {pair for run in later for pair in granted(run)}
    allowed = {(name, role.guid) for name, roles in grantable(load(environment)).items() for role in roles}
    assert used <= allowed
    if environment == "prod":
        assert used == allowed, "what nobody is granted goes"
