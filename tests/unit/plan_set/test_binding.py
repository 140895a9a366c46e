"""What a plan set was made from, against what is now."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.environment import load
from shared.plan_set.binding import Differences, Present, changes_between, differences
from shared.plan_set.errors import PreviewOutdatedError
from shared.plan_set.values import value_differences, values_of
from tests.unit.plan_set.sample_plan_set import manifest, sha256, stack

STACKS = ("identity", "key_vault")
CHECKPOINTS = {"identity": sha256("identity"), "key_vault": sha256("key_vault")}


def present(**fields: Any) -> Present:
    made = manifest()
    defaults: dict[str, Any] = {
        "environment": made.environment,
        "sources": made.sources,
        "values": made.values,
        "versions": made.versions,
        "checkpoints": CHECKPOINTS,
    }
    return Present(**{**defaults, **fields})


def found(**fields: Any) -> Differences:
    return differences(manifest(), present(**fields), STACKS)


def test_nothing_differs_from_what_it_was_made_from() -> None:
    assert found() == Differences(refused=(), moved=(), movements=())


def test_another_environment_is_said_alone() -> None:
    assert found(environment="staging", sources={}, checkpoints={}) == Differences(
        refused=("it was made for prod, and this is staging",), moved=(), movements=()
    )


def test_sources_that_changed_came_or_went_are_named() -> None:
    sources = {"stacks/identity/program.py": sha256("other"), "stacks/identity/new.py": sha256("c")}
    assert found(sources=sources).refused == (
        "shared/tags.py is gone since",
        "stacks/identity/new.py is new since",
        "stacks/identity/program.py changed since",
    )


def test_values_that_changed_came_or_went_are_named_with_the_file() -> None:
    assert found(values={"storage.sku": "Standard_ZRS", "logs.cap": None}).refused == (
        "environments/prod.yaml: logs.cap is null, was not there",
        "environments/prod.yaml: storage.retention_days is not there, was 30",
        "environments/prod.yaml: storage.sku is Standard_ZRS, was Standard_GZRS",
    )


def test_versions_that_changed_came_or_went_are_named() -> None:
    assert found(versions={"pulumi-aws": "7.52.0", "pulumi-gcp": "9.0.0"}).refused == (
        "engine is not there, was 3.259.0",
        "pulumi-aws is 7.52.0, was 7.51.1",
        "pulumi-gcp is 9.0.0, was not there",
    )


def test_a_stack_that_it_does_not_have_is_named() -> None:
    assert differences(manifest(), present(), ("identity", "sagemaker")).refused == ("it has no stack sagemaker",)


def test_a_commit_is_for_information_only() -> None:
    made = manifest(commit="0123abc")
    assert differences(made, present(), STACKS).refused == ()


def test_a_stack_whose_state_moved_moves_what_was_previewed_against_it() -> None:
    moved = found(checkpoints={**CHECKPOINTS, "identity": sha256("later")})
    assert moved == Differences(
        refused=(),
        moved=("identity", "key_vault"),
        movements=("identity: its own state moved since", "key_vault: the state of identity moved since"),
    )
    both = found(checkpoints={})
    assert both.movements[1] == "key_vault: its own state and the state of identity moved since"


def test_only_selected_stacks_can_move() -> None:
    now = present(checkpoints={**CHECKPOINTS, "identity": sha256("later")})
    assert differences(manifest(), now, ("key_vault",)).moved == ("key_vault",)
    now = present(checkpoints={**CHECKPOINTS, "key_vault": sha256("later")})
    assert differences(manifest(), now, ("identity",)).moved == ()


@pytest.mark.parametrize("now", [{}, {"identity": None}])
def test_a_stack_that_did_not_exist_and_does_not_exist_did_not_move(now: Mapping[str, str | None]) -> None:
    made = manifest(stacks=(stack("identity", {}, checkpoint=None),))
    assert differences(made, present(checkpoints=now), ("identity",)).moved == ()
    assert differences(made, present(), ("identity",)).moved == ("identity",)


@given(st.dictionaries(st.sampled_from("abcd"), st.text("xy", max_size=2)), st.data())
def test_every_other_value_is_found_and_no_equal_one(was: dict[str, str], data: st.DataObject) -> None:
    now = data.draw(st.dictionaries(st.sampled_from("abcd"), st.text("xy", max_size=2)))
    keys = [clause.split(": ")[1].split(" ")[0] for clause in value_differences("prod", dict(was), dict(now))]
    absent = object()
    assert keys == [key for key in "abcd" if was.get(key, absent) != now.get(key, absent)]


def test_values_of_other_types_that_look_alike_differ() -> None:
    for was, now in [("1", 1), (True, "true"), (None, "null"), (1, 1.0), ([], {}), ("", None)]:
        assert len(value_differences("prod", {"key": was}, {"key": now})) == 1


@pytest.mark.parametrize("name", ["dev", "prod", "sandbox", "staging"])
def test_the_values_of_an_environment_are_all_its_leaves(name: str) -> None:
    values = values_of(load(name))
    assert values["storage.sku"] == load(name).storage.sku
    assert values["protection.deletion"] is load(name).protection.deletion
    assert values["key_vault.secrets.feature-source-token.expires"] == "2028-01-01"
    assert "name" not in values
    assert manifest(values=values).values == values


def test_a_key_with_a_dot_is_told_from_two_keys() -> None:
    prod = load("prod")
    workspace = prod.ml_workspace.model_copy(update={"settings": {"a.b": "1", "a": "2"}})
    values = values_of(prod.model_copy(update={"ml_workspace": workspace}))
    assert values['ml_workspace.settings."a.b"'] == "1"
    assert values["ml_workspace.settings.a"] == "2"


def test_every_change_of_a_file_is_seen(tmp_path: Path) -> None:
    prod = load("prod")
    other = prod.model_copy(update={"storage": prod.storage.model_copy(update={"sku": "Standard_ZRS"})})
    assert value_differences("prod", values_of(prod), values_of(other)) == (
        "environments/prod.yaml: storage.sku is Standard_ZRS, was Standard_GZRS",
    )


def test_nothing_changed_between_a_moment_and_itself() -> None:
    assert changes_between(present(), present(), STACKS) == ()


def test_all_that_changed_between_two_moments_is_named_in_its_order() -> None:
    now = present(
        sources={**manifest().sources, "shared/tags.py": sha256("other")},
        values={**manifest().values, "storage.sku": "Standard_ZRS"},
        versions={**manifest().versions, "engine": "3.260.0"},
        checkpoints={"key_vault": sha256("later")},
    )
    assert changes_between(present(), now, STACKS) == (
        "environments/prod.yaml: storage.sku is Standard_ZRS, was Standard_GZRS",
        "shared/tags.py changed since",
        "engine is 3.260.0, was 3.259.0",
        "the state of identity moved",
        "the state of key_vault moved",
    )


@pytest.mark.parametrize(("was", "now"), [({}, CHECKPOINTS), (CHECKPOINTS, {"identity": None})])
def test_a_state_that_came_or_went_moved(was: Mapping[str, str | None], now: Mapping[str, str | None]) -> None:
    moved = ("the state of identity moved", "the state of key_vault moved")
    assert changes_between(present(checkpoints=was), present(checkpoints=now), STACKS) == moved


def test_states_of_other_stacks_do_not_matter_and_none_is_as_good_as_no_entry() -> None:
    now = present(checkpoints={**CHECKPOINTS, "stranger": sha256("x"), "gone": None})
    assert changes_between(present(), now, (*STACKS, "gone")) == ()


def test_what_was_shown_is_refused_in_one_sentence() -> None:
    error = PreviewOutdatedError(differences=("one changed since", "the state of two moved"))
    assert error.differences == ("one changed since", "the state of two moved")
    assert str(error) == (
        "what was shown is not what is now: one changed since; the state of two moved; deploy again to see it"
    )


def test_an_outdated_preview_says_how_much_more_changed() -> None:
    assert "and 5 more" in str(PreviewOutdatedError(differences=tuple(f"d{n}" for n in range(15))))
