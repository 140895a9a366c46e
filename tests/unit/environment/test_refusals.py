"""What a wrong environment file says: which key, what is wrong, what to do."""

import os
from pathlib import Path

import pytest

from shared.environment import EnvironmentFileError, load, require_ids
from tests.unit.environment.files import SAMPLE, replaced, text_of, written


def refusal(root: Path, content: str | bytes, name: str = "prod") -> EnvironmentFileError:
    with pytest.raises(EnvironmentFileError) as caught:
        load(name, written(root, content, name))
    error = caught.value
    assert error.path == f"environments/{name}.yaml"
    assert str(error) == (f"{error.path}: {error.key}" if error.key else error.path) + f": {error.problem}; {error.fix}"
    assert error.problem
    assert error.fix
    assert "\n" not in str(error)
    return error


@pytest.mark.parametrize(
    ("old", "new", "key", "fix"),
    [
        ("platform: mlp", "platfrom: mlp", "platfrom", "did you mean platform?"),
        ("  subscription_id: null", "  subscripton_id: null", "azure.subscripton_id", "did you mean subscription_id?"),
        ("    max_nodes: 4", "    maxnodes: 4", "ml_workspace.compute.maxnodes", "did you mean max_nodes?"),
        ("    cidr: 10", "    cdir: 10", "sagemaker.network.cdir", "did you mean cidr?"),
        (
            "      content_type: API",
            "      kontent_type: API",
            "key_vault.secrets.feature-source-token.kontent_type",
            "did you mean content_type?",
        ),
        ("  locks: true", "  zzz: true", "protection.zzz", "use defender, deletion, locks, purge"),
    ],
)
def test_an_unknown_key_gets_the_nearest_valid_one(tmp_path: Path, old: str, new: str, key: str, fix: str) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), old, new))
    assert (error.key, error.problem, error.fix) == (key, "is not a known key", fix)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), "  locks: true\n", ""))
    assert (error.key, error.problem) == ("protection.locks", "is missing")


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("locks: true", 'locks: "true"', "protection.locks", "should be true or false, and is text"),
        ("locks: true", "locks: 1", "protection.locks", "should be true or false, and is a whole number"),
        ("locks: true", "locks: yes", "protection.locks", "should be true or false, and is text"),
        ("generation: 1", "generation: 1.5", "generation", "should be a whole number, and is a number with a fraction"),
        ("generation: 1", "generation: 1.0", "generation", "should be a whole number, and is a number with a fraction"),
        ("generation: 1", "generation: true", "generation", "should be a whole number, and is true or false"),
        ("generation: 1", 'generation: "1"', "generation", "should be a whole number, and is text"),
        ("generation: 1", "generation:", "generation", "should be a whole number, and is null"),
        ("generation: 1", "generation: [1]", "generation", "should be a whole number, and is a list"),
        ("minimum_auc: 0.8", 'minimum_auc: "0.8"', "sagemaker.minimum_auc", "should be a number, and is text"),
        ("minimum_auc: 0.8", "minimum_auc: .nan", "sagemaker.minimum_auc", "should be a finite number"),
        ("minimum_auc: 0.8", "minimum_auc: .inf", "sagemaker.minimum_auc", "should be a finite number"),
        ("daily_cap_gb: null", "daily_cap_gb: .inf", "logs.daily_cap_gb", "should be a finite number"),
        ("expires: 2028-01-01", 'expires: "2028-01-01"', None, "should be a date such as 2028-01-31, without quotes"),
        ("expires: 2028-01-01", "expires: 2028-01-01T10:00:00", None, "should be a date"),
        ("tenant_id: null", "tenant_id: 12", "azure.tenant_id", "should be a GUID"),
        ("tenant_id: null", "tenant_id: contoso", "azure.tenant_id", "should be a valid UUID"),
        ("platform: mlp", "platform: {a: 1}", "platform", "should be text, and is a section of keys"),
        ("      a: 10.41", "      d: 10.41", "sagemaker.network.subnets.d", "should be 'a', 'b' or 'c'"),
        ("sku: Standard_GZRS", "sku: Standard", "storage.sku", "should be 'Standard_LRS'"),
        ("organization: example", "organization: '*'", "github.organization", "should match pattern"),
        ("repository: ml-platform-infra", "repository: 'a/*'", "github.repository", "should match pattern"),
        ("azure.net/keys/plan-sets", "azure.net/secrets/a", "state.plan_set_key", "should match pattern"),
    ],
)
def test_a_wrong_value_is_refused(tmp_path: Path, old: str, new: str, key: str | None, problem: str) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), old, new))
    assert error.key == (key or "key_vault.secrets.feature-source-token.expires")
    assert error.problem.startswith(problem)


@pytest.mark.parametrize("value", ["012345678901", "123456789012"])
def test_an_account_without_quotes_is_told_to_get_them(tmp_path: Path, value: str) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), "account_id: null", f"account_id: {value}"))
    assert (error.key, error.fix) == ("aws.account_id", "put it in quotes")


def test_a_refused_value_is_not_repeated(tmp_path: Path) -> None:
    planted = "planted-value-of-a-secret"
    for old, new in [("locks: true", f"locks: {planted}"), ("generation: 1", f"generation: {planted}")]:
        assert planted not in str(refusal(tmp_path, replaced(text_of("prod"), old, new)))


@pytest.mark.parametrize(
    ("content", "key", "problem"),
    [
        ("", "", "is empty"),
        ("# only a comment\n", "", "is empty"),
        ("{}\n", "", "is empty"),
        ("- platform\n- generation\n", "", "is not a mapping of keys"),
        ("just text\n", "", "is not a mapping of keys"),
        ("2028-01-01\n", "", "is not a mapping of keys"),
        (b"platform: \xff\xfe\n", "", "byte 11 is not UTF-8"),
        (b"platform: \x00\n", "", "unacceptable character"),
        ("platform: mlp\nplatform: mlp\n", "platform", "appears twice (line 2)"),
        ("azure:\n  location: a\n  location: b\n", "azure.location", "appears twice (line 3)"),
        ("platform: !!str mlp\n", "platform", "tags such as !name are not used here (line 1)"),
        ("platform: !!python/object:os.system mlp\n", "platform", "tags such as !name are not used here (line 1)"),
        ("platform: !secret mlp\n", "platform", "tags such as !name are not used here (line 1)"),
        ("!!map {platform: mlp}\n", "", "tags such as !name are not used here (line 1)"),
        ("tags: &t\n  owner: a\nazure: *t\n", "tags", "anchors and aliases hide"),
        ("tags: *t\n", "tags", "anchors and aliases hide"),
        ("tags:\n  <<: {owner: a}\n", "tags.<<", "merge keys hide where a value comes from (line 2)"),
        ("tags: {<<: [{owner: a}]}\n", "tags.<<", "merge keys hide"),
        ("? [a, b]\n: c\n", "", "a key is not text"),
        ("? {a: b}\n: c\n", "", "a key is not text"),
        ("platform: mlp\n---\nplatform: mlp\n", "", "a second document begins (line 2)"),
        ("platform: [\n", "", ""),
        ("platform: 'mlp\n", "", ""),
        ("\tplatform: mlp\n", "", ""),
        ("a: " + "[" * 5000, "", "sections lie more than 20 deep"),
        ("a: " + "{a: " * 200, "", "sections lie more than 20 deep"),
        ('platform: "\\ud800"\n', "platform", "holds half of a surrogate pair"),
        ('"\\ud800": mlp\n', "", "holds half of a surrogate pair"),
        ("1: mlp\n", "1", "is not a known key"),
        ("null: mlp\n", "None", "is not a known key"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(tmp_path: Path, content: str | bytes, key: str, problem: str) -> None:
    error = refusal(tmp_path, content)
    assert error.problem.startswith(problem)
    assert error.key == key


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000, "1e400", "1e999999999", "-" + "9" * 400, "9" * 400])
def test_huge_numbers_are_refused(tmp_path: Path, number: str) -> None:
    assert refusal(tmp_path, replaced(text_of("prod"), "generation: 1", f"generation: {number}")).key == "generation"
    error = refusal(tmp_path, replaced(text_of("prod"), "minimum_auc: 0.8", f"minimum_auc: {number}"))
    assert error.key == "sagemaker.minimum_auc"


def test_a_date_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), "2028-01-01", "2028-13-45"))
    assert error.key == "key_vault.secrets.feature-source-token.expires"
    assert error.problem.startswith("is no value (month must be in 1..12)")


def test_a_key_with_a_line_break_stays_in_one_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, text_of("prod") + '"two\\nlines": 1\n').key == r"'two\nlines'"


def test_the_name_is_not_a_key(tmp_path: Path) -> None:
    error = refusal(tmp_path, text_of("prod") + "name: dev\n")
    assert (error.key, error.fix) == ("name", "remove the key")


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("subnet: 10.40.0.0/26", "subnet: 10.99.0.0/26", "virtual_network.private_endpoint_subnet", "lies outside"),
        ("subnet: 10.40.1.0/24", "subnet: 10.40.0.0/24", "virtual_network.training_subnet", "overlaps"),
        ("subnet: 10.40.1.0/24", "subnet: 10.40.1.1/24", "virtual_network.training_subnet", "has host bits set"),
        ("subnet: 10.40.1.0/24", "subnet: fd00::/8", "virtual_network.training_subnet", "is not a network"),
        ("subnet: 10.40.1.0/24", "subnet: 10.40.999.0/24", "virtual_network.training_subnet", "999"),
        ("subnet: 10.40.2.0/26", "subnet: 10.40.1.64/26", "virtual_network.runner_subnet", "overlaps"),
        ("b: 10.41.1.0/24", "b: 10.41.0.0/24", "sagemaker.network.subnets.b", "overlaps"),
        ("b: 10.41.1.0/24", "b: 10.42.1.0/24", "sagemaker.network.subnets.b", "lies outside"),
        ("b: 10.41.1.0/24", "b: 10.41.1.0/29", "sagemaker.network.subnets.b", "prefix of 29"),
        ("cidr: 10.41.0.0/16", "cidr: 10.0.0.0/8", "sagemaker.network.cidr", "prefix of 8"),
        (
            "configuration_replicas: []",
            "configuration_replicas: [northeurope, westeurope]",
            "ml_workspace.configuration_replicas",
            "westeurope has the store or a replica already",
        ),
        (
            "deployment: null",
            "deployment: {model: m, environment: e, instance_type: t, instance_count: 1, code: c}",
            "ml_workspace.deployment.scoring_script",
            "belong together",
        ),
        (
            "customer_managed_key: true",
            "customer_managed_key: false",
            "key_vault.hardware_keys",
            "there is no key to keep in hardware",
        ),
    ],
)
def test_an_impossible_combination_names_the_key_to_change(
    tmp_path: Path, old: str, new: str, key: str, problem: str
) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), old, new))
    assert error.key == key
    assert problem in error.problem


def test_the_addresses_of_container_hosts_are_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, text_of("prod").replace("10.40.", "172.17."))
    assert error.key == "virtual_network.address_space"


@pytest.mark.parametrize(
    ("switches", "key", "why"),
    [
        ({"access: service_endpoint": "access: private_endpoint"}, "container_registry_sku", "private endpoints"),
        (
            {"access: service_endpoint": "access: private_endpoint", "sku: Basic": "sku: Premium"},
            "configuration_sku",
            "private endpoints",
        ),
    ],
)
def test_services_must_be_able_to_do_what_is_asked(
    tmp_path: Path, switches: dict[str, str], key: str, why: str
) -> None:
    text = text_of("dev")
    for old, new in switches.items():
        text = replaced(text, old, new)
    error = refusal(tmp_path, text, "dev")
    assert error.key == f"ml_workspace.{key}"
    assert error.problem.startswith(why)


def test_replicas_need_a_store_that_can_have_them(tmp_path: Path) -> None:
    text = replaced(text_of("dev"), "configuration_replicas: []", "configuration_replicas: [northeurope]")
    error = refusal(tmp_path, text, "dev")
    assert (error.key, error.problem) == ("ml_workspace.configuration_sku", "replicas need standard")


def test_a_key_of_ours_needs_purge_protection(tmp_path: Path) -> None:
    error = refusal(tmp_path, replaced(text_of("dev"), "managed_key: false", "managed_key: true"), "dev")
    assert (error.key, error.problem) == ("protection.purge", "a key of ours needs it")


def test_plan_sets_have_a_key_of_their_own(tmp_path: Path) -> None:
    error = refusal(tmp_path, replaced(text_of("prod"), "/keys/plan-sets", "/keys/pulumi"))
    assert (error.key, error.problem) == ("state.plan_set_key", "is the key of the secrets too")


def test_the_sandbox_makes_its_own_key_of_plan_sets(tmp_path: Path) -> None:
    error = refusal(
        tmp_path,
        replaced(text_of("sandbox"), "plan_set_key: null", "plan_set_key: awskms://alias/plan-sets"),
        "sandbox",
    )
    assert (error.key, error.fix) == ("state.plan_set_key", "use null")
    assert error.problem.endswith("in tier sandbox")


@pytest.mark.parametrize(
    "url",
    [
        "azurekeyvault://kv-a.vault.azure.net/keys/plan-sets/0123456789abcdef0123456789abcdef",
        "awskms://alias/plan-sets?region=eu-west-1",
        "awskms://1234abcd-12ab-34cd-56ef-1234567890ab?region=eu-west-1&profile=prod",
        "awskms:///arn:aws:kms:eu-west-1:111122223333:alias/plan-sets",
    ],
)
def test_keys_of_plan_sets_are_written_as_pulumi_writes_keys(tmp_path: Path, url: str) -> None:
    old = "azurekeyvault://kv-mlp-state-prod.vault.azure.net/keys/plan-sets"
    assert load("prod", written(tmp_path, replaced(text_of("prod"), old, url))).state.plan_set_key == url


def test_a_name_that_makes_resource_names_too_long_is_refused_with_the_sum(tmp_path: Path) -> None:
    error = refusal(tmp_path, text_of("prod"), "production")
    assert error.key == "platform"
    assert (
        "makes a key_vault name of kv 2 + xxx 3 + mlp 3 + production 10 + 0000 4 + 4 separators = 26" in error.problem
    )
    assert "24 are allowed" in error.problem
    assert error.fix == "shorten platform or the file's name by 2"


@pytest.mark.parametrize("name", ["Prod", "prod-eu", "prod_eu", "1prod", "größe"])
def test_a_file_name_that_no_resource_can_have_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, text_of("prod"), name).fix == "rename the file"


@pytest.mark.parametrize("name", ["nowhere", "", "../environments/prod", "prod\x00", "prod.yaml", "/etc/passwd"])
def test_an_unknown_environment_gets_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(EnvironmentFileError) as caught:
        load(name, written(tmp_path, text_of("prod")))
    assert (caught.value.problem, caught.value.fix) == ("there is no such environment", "use one of prod")


def test_a_repository_without_environments_says_so(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFileError, match="add one to environments/"):
        load("prod", tmp_path)


def test_a_folder_is_no_environment_file(tmp_path: Path) -> None:
    (tmp_path / "environments" / "prod.yaml").mkdir(parents=True)
    with pytest.raises(EnvironmentFileError, match=f"cannot be read \\({os.strerror(21)}\\)"):
        load("prod", tmp_path)


def test_a_real_run_names_the_first_id_to_fill_in() -> None:
    with pytest.raises(EnvironmentFileError) as caught:
        require_ids(load("prod", SAMPLE))
    assert str(caught.value) == ("environments/prod.yaml: azure.subscription_id: is null; fill it in before a real run")
