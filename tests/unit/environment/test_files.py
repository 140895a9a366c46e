"""The four environment files: valid, complete, and in the relations to each other that they promise."""

import datetime
import json
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from ruamel.yaml import YAML

from shared.environment import Environment, environment_names, load, missing_ids
from shared.environment.loading import REPOSITORY
from shared.environment.schema import SCHEMA_FILE, schema_text, write_schema
from tests.unit.environment.files import SAMPLE, replaced, text_of, written

NAMES = ("dev", "prod", "sandbox", "staging")
SCHEMA = json.loads(schema_text())


def leaves(section: BaseModel, prefix: str = "") -> dict[str, Any]:
    """Return every value of an environment by dotted key."""
    found: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            found |= leaves(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


def one_way_keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found |= one_way_keys(annotation, f"{prefix}{name}.")
        elif field.json_schema_extra == {"one_way": True}:
            found.add(prefix + name)
    return found


def for_schema(value: Any) -> Any:
    """Return a parsed file as editors see it: YAML 1.2 has no dates."""
    if isinstance(value, dict):
        return {key: for_schema(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, datetime.date) else value


def parsed(name: str) -> Any:
    return for_schema(YAML(typ="safe", pure=True).load(text_of(name, REPOSITORY)))


def test_the_environments_are_the_four() -> None:
    assert environment_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_loaded_and_has_its_name(name: str) -> None:
    assert load(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_valid_by_the_schema_it_names(name: str) -> None:
    assert text_of(name, REPOSITORY).splitlines()[0] == "# yaml-language-server: $schema=schema.json"
    assert list(Draft202012Validator(SCHEMA).iter_errors(parsed(name))) == []


def test_the_schema_refuses_what_the_model_refuses() -> None:
    validator = Draft202012Validator(SCHEMA)
    assert not validator.is_valid({**parsed("prod"), "platfrom": "mlp"})
    assert not validator.is_valid({**parsed("prod"), "name": "prod"})
    assert not validator.is_valid({**parsed("prod"), "generation": "1"})


def test_the_schema_is_valid_and_describes_every_key() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")
    assert SCHEMA["title"] == "Environment"
    for section in [SCHEMA, *SCHEMA["$defs"].values()]:
        assert section["description"]
        for key, value in section["properties"].items():
            described = value.get("description") or "$ref" in value
            assert described, f"{section['title']}.{key}"


def test_the_committed_schema_is_fresh() -> None:
    assert (REPOSITORY / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_written_where_editors_look(tmp_path: Any) -> None:
    (tmp_path / "environments").mkdir()
    assert write_schema(tmp_path) == tmp_path / "environments/schema.json"
    assert (tmp_path / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()


def test_dates_are_dates_and_ids_are_ids() -> None:
    sandbox = load("sandbox", SAMPLE)
    assert sandbox.key_vault.secrets["feature-source-token"].expires == datetime.date(2028, 1, 1)
    assert isinstance(sandbox.azure.tenant_id, UUID)
    assert sandbox.aws.account_id == "000000000000"


def test_the_sandbox_is_shaped_like_prod() -> None:
    sandbox, prod = leaves(load("sandbox")), leaves(load("prod"))
    different = {key for key in prod if sandbox[key] != prod[key]}
    its_own = {key for key in prod if key.startswith(("state.", "protection.")) or key.endswith("_id")}
    assert different <= its_own | {"name", "tier", "simulated", "tags.cost_center"}


def test_the_sandbox_lacks_only_what_keeps_it_from_being_thrown_away() -> None:
    protection = load("sandbox").protection
    assert (protection.deletion, protection.locks, protection.purge) == (False, False, False)
    protection = load("prod").protection
    assert (protection.deletion, protection.locks, protection.purge) == (True, True, True)


def test_staging_equals_prod_in_every_switch_that_cannot_be_turned_back() -> None:
    keys = one_way_keys(Environment)
    assert {"protection.purge", "key_vault.soft_delete_days", "ml_workspace.isolation_mode"} <= keys
    staging, prod = leaves(load("staging")), leaves(load("prod"))
    assert {key: staging[key] for key in keys} == {key: prod[key] for key in keys}


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_ids_that_nobody_knows_are_null_and_listed(name: str) -> None:
    assert missing_ids(load(name, SAMPLE)) == (
        "azure.subscription_id",
        "azure.tenant_id",
        "aws.account_id",
        "github.organization_id",
        "github.repository_id",
    )


def test_ids_that_are_filled_in_are_not_listed(tmp_path: Any) -> None:
    text = replaced(text_of("prod"), "account_id: null", 'account_id: "000000000001"')
    text = replaced(text, "tenant_id: null", "tenant_id: 5a4d0b0c-0000-4000-8000-00000000a001")
    assert missing_ids(load("prod", written(tmp_path, text))) == (
        "azure.subscription_id",
        "github.organization_id",
        "github.repository_id",
    )


def test_the_sandbox_misses_no_id() -> None:
    assert missing_ids(load("sandbox")) == ()


def test_classic_subjects_need_no_github_ids(tmp_path: Any) -> None:
    text = replaced(text_of("prod"), "subject_style: immutable", "subject_style: classic")
    assert missing_ids(load("prod", written(tmp_path, text))) == (
        "azure.subscription_id",
        "azure.tenant_id",
        "aws.account_id",
    )
