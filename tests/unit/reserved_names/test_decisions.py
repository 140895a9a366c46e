"""What is purged, when the generation is raised, and what is said."""

import pytest

from shared.environment import Environment, load
from shared.reserved_names import NamesReservedError, check_names, release_names
from shared.reserved_names.errors import RegisterError
from shared.reserved_names.names import kept_names
from shared.reserved_names.reservation import Service, can_purge, sentence
from stacks.key_vault.program import program as key_vault
from stacks.ml_workspace.program import program as ml_workspace
from tests.unit.reserved_names.sample_reservations import HeldNames, reservation
from tests.unit.sample_environments import ACCOUNT, changed, sandbox
from tests.unit.stack_mocks import run_program
from tests.unit.test_stacks_in_every_environment import PROGRAMS

NAMES = {
    "Vault": ("vaultName", "key vault"),
    "ConfigurationStore": ("configStoreName", "App Configuration store"),
    "machinelearningservices:Workspace": ("workspaceName", "ML workspace"),
}


@pytest.fixture
def dev() -> Environment:
    return load("dev")


@pytest.mark.parametrize("name", ["dev", "staging", "prod", "sandbox"])
def test_the_names_are_those_that_the_programs_use(name: str) -> None:
    loaded = load(name)
    environment = changed(loaded, aws__account_id=loaded.aws.account_id or ACCOUNT)
    secrets = dict.fromkeys(environment.key_vault.secrets, "value")
    used = {
        (program.__module__.split(".")[1], service, one.inputs[key])
        for program in (key_vault, ml_workspace)
        for run in [run_program(program, environment, *PROGRAMS[program], secrets=secrets)]
        for kind, (key, service) in NAMES.items()
        for one in run.all(kind).values()
    }
    assert {(one.stack, one.service, one.name) for one in kept_names(environment)} == used


@pytest.mark.parametrize(
    ("service", "protected", "real", "simulated"),
    [
        ("key vault", False, True, True),
        ("key vault", True, False, False),
        ("App Configuration store", False, True, True),
        ("App Configuration store", True, False, False),
        ("ML workspace", False, False, True),
    ],
)
def test_what_can_be_purged(dev: Environment, service: Service, protected: bool, real: bool, simulated: bool) -> None:
    assert can_purge(dev, reservation(dev, service, protected=protected)) is real
    assert can_purge(sandbox(), reservation(sandbox(), service, protected=protected)) is simulated


def test_a_protected_name_asks_for_the_next_generation() -> None:
    prod = load("prod")
    held = reservation(prod, "key vault", protected=True)
    assert sentence(prod, held, alone=True) == (
        f"the key vault {held.name} is deleted, and its name is reserved until 2026-12-24 18:30 UTC: "
        "set generation: 2 in environments/prod.yaml before the next deploy"
    )


def test_the_next_generation_is_one_more_than_the_files(dev: Environment) -> None:
    later = changed(dev, generation=7)
    assert "set generation: 8 in environments/dev.yaml" in sentence(
        later, reservation(later, "ML workspace"), alone=True
    )


def test_beside_other_stacks_no_new_generation_is_asked_for(dev: Environment) -> None:
    said = sentence(dev, reservation(dev, "ML workspace"), alone=False)
    assert "set generation" not in said
    assert "a new generation would replace what is still deployed" in said


def test_what_can_be_purged_by_hand_is_said_with_its_command(dev: Environment) -> None:
    held = reservation(dev, "key vault")
    assert f"run az keyvault purge --name {held.name} --location westeurope" in sentence(dev, held, alone=True)
    assert "purge" not in sentence(dev, reservation(dev, "key vault", protected=True), alone=True)


ALL = ("identity", "key_vault", "ml_workspace")


def test_the_sandbox_is_purged_by_its_own_command() -> None:
    held = reservation(sandbox(), "ML workspace")
    said = sentence(sandbox(), held, alone=True)
    assert said.endswith(": run invoke destroy --env sandbox --stacks ml_workspace, which purges it")
    protected = reservation(sandbox(), "key vault", protected=True)
    assert "set generation: 2 in environments/sandbox.yaml" in sentence(sandbox(), protected, alone=True)


def check(
    environment: Environment,
    register: HeldNames,
    *,
    selected: tuple[str, ...] = ALL,
    deployed: frozenset[str] = frozenset(),
    confirmed: frozenset[str] = frozenset(),
) -> list[str]:
    said: list[str] = []
    check_names(
        environment, lambda: register, selected=selected, deployed=deployed, confirmed=confirmed, say=said.append
    )
    return said


def test_free_names_are_deployed(dev: Environment) -> None:
    register = HeldNames()
    assert check(dev, register) == []
    assert register.asked == [tuple(one.name for one in kept_names(dev))]


def test_every_name_that_is_held_is_refused_in_one_sentence_each(dev: Environment) -> None:
    held = reservation(dev, "key vault"), reservation(dev, "ML workspace")
    with pytest.raises(NamesReservedError) as refused:
        check(dev, HeldNames(*held))
    assert refused.value.names == tuple(one.name for one in held)
    assert str(refused.value) == "; ".join(sentence(dev, one, alone=True) for one in held)


def test_where_nothing_is_new_nobody_is_asked(dev: Environment) -> None:
    register = HeldNames(reservation(dev, "key vault"))
    check(dev, register, deployed=frozenset({"identity", "key_vault", "ml_workspace"}))
    check(dev, register, selected=("identity", "sagemaker"))
    assert register.asked == []


def test_only_stacks_that_are_new_are_asked_for(dev: Environment) -> None:
    register = HeldNames(reservation(dev, "key vault"))
    check(dev, register, deployed=frozenset({"identity", "key_vault"}))
    assert register.asked == [tuple(one.name for one in kept_names(dev) if one.stack == "ml_workspace")]


def test_beside_what_is_deployed_the_refusal_says_to_wait(dev: Environment) -> None:
    with pytest.raises(NamesReservedError, match="deploy it after that"):
        check(dev, HeldNames(reservation(dev, "ML workspace")), deployed=frozenset({"identity", "key_vault"}))


def test_a_person_may_know_better_than_a_log_and_not_better_than_a_list(dev: Environment) -> None:
    logged = reservation(dev, "ML workspace", certain=False)
    with pytest.raises(NamesReservedError, match=f"deploy with --confirm {logged.name}"):
        check(dev, HeldNames(logged))
    check(dev, HeldNames(logged), confirmed=frozenset({logged.name}))
    listed = reservation(dev, "key vault")
    with pytest.raises(NamesReservedError):
        check(dev, HeldNames(listed), confirmed=frozenset({listed.name}))


def test_what_nobody_could_say_is_said(dev: Environment) -> None:
    unanswered = RegisterError(what="the key vault kv", reason="AuthorizationFailed: no")
    assert check(dev, HeldNames(unanswered=[unanswered])) == [
        "nobody could say whether the name of the key vault kv is reserved: AuthorizationFailed: no"
    ]


def test_after_a_destruction_what_may_be_purged_is_and_the_rest_is_named(dev: Environment) -> None:
    vault, store = reservation(dev, "key vault"), reservation(dev, "App Configuration store", protected=True)
    workspace = reservation(dev, "ML workspace")
    register = HeldNames(vault, store, workspace)
    released = release_names(dev, register, destroyed=ALL, alone=True, may_purge=lambda _: True)
    assert released.purged == (vault,)
    assert released.reserved == (store, workspace)
    assert released.sentences == tuple(sentence(dev, one, alone=True) for one in (store, workspace))
    assert register.held == [store, workspace]
    assert released.failures == ()


def test_nothing_is_purged_that_a_person_did_not_agree_to(dev: Environment) -> None:
    vault, store = reservation(dev, "key vault"), reservation(dev, "App Configuration store")
    register = HeldNames(vault, store)
    released = release_names(dev, register, destroyed=ALL, alone=True, may_purge=lambda one: one == store)
    assert (released.purged, released.reserved, register.held) == ((store,), (vault,), [vault])


def test_nobody_is_asked_about_what_cannot_be_purged(dev: Environment) -> None:
    held = [reservation(dev, "key vault", protected=True), reservation(dev, "ML workspace")]

    def never(_: object) -> bool:
        raise AssertionError("there is nothing to agree to")

    assert release_names(dev, HeldNames(*held), destroyed=ALL, alone=True, may_purge=never).reserved == tuple(held)


def test_a_purge_that_fails_is_a_failure_and_its_name_stays_reserved(dev: Environment) -> None:
    vault = reservation(dev, "key vault")
    released = release_names(
        dev, HeldNames(vault, stuck=[vault.name]), destroyed=ALL, alone=True, may_purge=lambda _: True
    )
    assert [str(one) for one in released.failures] == [f"the key vault {vault.name} could not be purged: it is stuck"]
    assert (released.purged, released.reserved) == ((), (vault,))


def test_names_of_other_stacks_are_left_alone(dev: Environment) -> None:
    register = HeldNames(reservation(dev, "key vault"))
    released = release_names(dev, register, destroyed=["ml_workspace"], alone=False, may_purge=lambda _: True)
    assert (released.purged, len(register.held)) == ((), 1)


def test_a_cloud_that_does_not_answer_is_a_failure(dev: Environment) -> None:
    unanswered = RegisterError(what="the key vault kv", reason="Azure did not answer")
    released = release_names(
        dev, HeldNames(unanswered=[unanswered]), destroyed=ALL, alone=True, may_purge=lambda _: True
    )
    assert released.failures == (unanswered,)
