"""Names keep the clouds' rules in every environment, and are refused, never cut, where they cannot."""

import re
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.environment import Environment, environment_names, load
from shared.name_rules import check_room
from shared.naming import RULES, Names, NameTooLongError
from tests.unit.environment.files import SAMPLE

ENVIRONMENTS = {name: load(name) for name in environment_names()}
# Microsoft, "Naming rules and restrictions for Azure resources"; AWS, "Bucket naming rules", "CreateRole", and the
# SageMaker API reference. Whole names with their lengths, written apart from the rules under test.
VENDOR_RULES = {
    "key_vault": r"(?=.{3,24}$)[A-Za-z]([A-Za-z0-9]|-(?!-))*[A-Za-z0-9]",
    "storage_account": r"[a-z0-9]{3,24}",
    "container_registry": r"[A-Za-z0-9]{5,50}",
    "ml_workspace": r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    "ml_compute": r"(?=.{2,16}$)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
    "online_endpoint": r"(?=.{3,32}$)[A-Za-z]([A-Za-z0-9]|-(?!-))*[A-Za-z0-9]",
    "app_configuration": r"(?=.{5,50}$)[A-Za-z0-9]([A-Za-z0-9]|-(?!--))*[A-Za-z0-9]",
    "log_analytics": r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]",
    "managed_identity": r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
    "resource_group": r"[\w.()-]{0,89}[\w()-]",
    "s3_bucket": r"(?!xn--|sthree-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "iam_role": r"[\w+=,.@-]{1,64}",
    "model_package_group": r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
}

kinds = st.sampled_from(sorted(RULES))
environments = st.sampled_from(list(ENVIRONMENTS.values()))
repeatable = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def renamed(environment: Environment, **changes: object) -> Environment:
    return environment.model_copy(update=changes)


@st.composite
def purposes(draw: st.DrawFn, kind: str) -> str:
    """A purpose as programs choose them: words of lower-case letters and digits, joined where the kind joins."""
    rule = RULES[kind]
    words = draw(st.lists(st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True), max_size=3))
    return rule.separator.join(words)[: rule.room].rstrip("-")


@repeatable
@given(st.data(), kinds, environments)
def test_every_name_keeps_its_rule(data: st.DataObject, kind: str, environment: Environment) -> None:
    purpose = data.draw(purposes(kind))
    name = Names(environment).of(kind, purpose)
    assert re.fullmatch(RULES[kind].pattern, name)
    assert len(name) <= RULES[kind].limit
    assert re.fullmatch(VENDOR_RULES.get(kind, ".+"), name)
    assert purpose in name


@pytest.mark.parametrize("kind", sorted(RULES))
@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_the_widest_purpose_fits_in_every_environment(kind: str, environment: Environment) -> None:
    widest = "x" * RULES[kind].room
    assert widest in Names(environment).of(kind, widest)


@repeatable
@given(kinds, environments)
def test_a_name_says_whose_it_is(kind: str, environment: Environment) -> None:
    name, rule = Names(environment).of(kind), RULES[kind]
    ending = rule.separator.join([environment.platform, environment.name, Names(environment).suffix])
    assert name == (rule.abbreviation if rule.local else f"{rule.abbreviation}{rule.separator}{ending}")


def test_the_suffix_is_four_digits_that_never_change() -> None:
    """A name that changes replaces the resource: this is what the first deployment gave."""
    assert Names(load("sandbox", SAMPLE)).suffix == "9651"
    assert Names(load("sandbox", SAMPLE)).of("key_vault", "cmk") == "kv-cmk-mlp-sandbox-9651"


def test_the_suffix_does_not_depend_on_the_object() -> None:
    assert Names(load("prod")).suffix == Names(load("prod")).suffix


# Four digits of a hash meet now and then, so what follows is true of these values, not of any two.
@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_another_generation_has_another_suffix(environment: Environment) -> None:
    suffixes = [Names(renamed(environment, generation=generation)).suffix for generation in range(1, 30)]
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_another_subscription_has_another_suffix(environment: Environment) -> None:
    azure = environment.azure
    ids = [uuid.UUID(int=number) for number in range(20)]
    moved = [renamed(environment, azure=azure.model_copy(update={"subscription_id": id_})) for id_ in ids]
    assert len({Names(one).suffix for one in moved}) == len(ids)


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_another_account_has_another_suffix(environment: Environment) -> None:
    accounts = [f"{number:012d}" for number in range(20)]
    moved = [renamed(environment, aws=environment.aws.model_copy(update={"account_id": one})) for one in accounts]
    assert len({Names(one).suffix for one in moved}) == len(accounts)


def test_environments_have_suffixes_of_their_own() -> None:
    prod = ENVIRONMENTS["prod"]
    names = ("dev", "staging", "prod", "sandbox", "live", "test", "eu", "us")
    assert len({Names(renamed(prod, name=name)).suffix for name in names}) == len(names)


@repeatable
@given(kinds, st.integers(2, 4), st.integers(1, 80))
def test_a_name_is_whole_or_refused_with_the_sum(kind: str, platform_length: int, name_length: int) -> None:
    platform, name = "p" * platform_length, "e" * name_length
    names = Names(renamed(ENVIRONMENTS["prod"], platform=platform, name=name))
    rule = RULES[kind]
    try:
        made = names.of(kind)
    except NameTooLongError as error:
        refused: NameTooLongError | None = error
    else:
        refused = None
        assert rule.local or (platform in made and name in made and names.suffix in made)
    if refused:
        assert (refused.kind, refused.limit) == (kind, rule.limit)
        assert len(refused.name) > rule.limit
        assert f"{platform} {platform_length} + {name} {name_length} + {names.suffix} 4" in str(refused)
        assert f"= {len(refused.name)}) and may have {rule.limit}" in str(refused)


def test_the_room_of_a_file_is_checked_for_its_widest_purposes() -> None:
    check_room("mlp", "stagings")
    with pytest.raises(NameTooLongError) as caught:
        check_room("mlp", "stagings1")
    assert caught.value.kind == "key_vault"


def test_a_purpose_wider_than_its_room_is_refused() -> None:
    """Else a file that was checked when it was loaded could still make a name too long in the middle of a run."""
    with pytest.raises(ValueError, match="key_vault purpose 'keys' has 4 characters and may have 3"):
        Names(ENVIRONMENTS["dev"]).of("key_vault", "keys")


def test_a_name_that_breaks_the_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="storage_account name 'stmy_mlpdev"):
        Names(ENVIRONMENTS["dev"]).of("storage_account", "my_")


def test_letters_beyond_ascii_are_refused() -> None:
    with pytest.raises(ValueError, match="does not match"):
        Names(ENVIRONMENTS["dev"]).of("resource_group", "größe")
