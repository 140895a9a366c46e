"""The file of faults: what it may say, what is refused in one sentence, and which rule acts."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from shared.environment import load
from shared.sandbox.catalog import CATALOGS
from shared.sandbox.faults.calls import FILE, Call
from shared.sandbox.faults.errors import FaultsFileError
from shared.sandbox.faults.latencies import TYPICAL, seconds_of
from shared.sandbox.faults.model import Faults, InjectedError, Latency, Rule, Seconds
from shared.sandbox.faults.reading import read_faults
from shared.sandbox.faults.rules import acted, acts, keys, meets
from shared.sandbox.faults.source import FaultSource
from shared.sandbox.faults.wording import worded
from shared.sandbox.inventory import Inventory
from shared.sandbox.process import running_sandbox
from tests.sandbox.faults_file import write_faults

SUBNET = Call(operation="create", type="azure-native:network:Subnet", name="training", stack="network_storage")
ERROR = {"error": {"code": "Throttling"}}


def refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsFileError) as caught:
        read_faults(path)
    return str(caught.value).removeprefix(f"{path}: ")


def test_no_file_and_an_empty_file_are_no_faults(tmp_path: Path) -> None:
    assert read_faults(tmp_path / FILE) == Faults()
    (tmp_path / FILE).touch()
    assert read_faults(tmp_path / FILE) == Faults()


def test_a_file_says_everything_that_the_documentation_shows(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    found = read_faults(tmp_path / FILE)
    assert (found.latency.scale, found.latency.before) == (0.05, 0.5)
    assert [one.times for one in found.rules] == [2, 1, "always", "always"]
    assert [one.hang for one in found.rules] == [None, None, 5.0, None]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rule: 3", "rule: is not a known key; use latency, rules"),
        ("latency: {scal: 2}", "latency.scal: is not a known key; use before, scale, seconds"),
        ("latency: {scale: -1}", "latency.scale: should be greater than or equal to 0; docs/sandbox.md says"),
        ("latency: {seconds: {a: {make: 1}}}", "latency.seconds.a.make: is not a known key; use create, delete"),
        ("rules: 3", "rules: should be a list; docs/sandbox.md says"),
        ("rules: [3]", "rules.0: should be a section of keys; docs/sandbox.md says"),
        ("rules: [{}]", "rules.0: does not say exactly one of error, hang and kill; docs/sandbox.md says"),
        ("rules: [{hang: 5, kill: engine}]", "rules.0: does not say exactly one of error, hang and kill"),
        ("rules: [{hang: false}]", "rules.0.hang: should be seconds, or true; docs/sandbox.md says"),
        ("rules: [{hang: 0}]", "rules.0.hang: should be"),
        ("rules: [{kill: me}]", "rules.0.kill: should be 'engine', 'worker', 'orchestrator' or 'group'"),
        ("rules: [{error: {}}]", "rules.0.error.code: is missing; add it"),
        ("rules: [{error: {code: X, http: 4}}]", "rules.0.error.http: is not a known key; use code, message, status"),
        ("rules: [{hang: true, times: 0}]", "rules.0.times: should be greater than or equal to 1"),
        ("rules: [{hang: true, operation: make}]", "rules.0.operation: should be 'create', 'update'"),
        ("- 1", "should be a section of keys"),
        ("rules: [", "line 1: "),
        ("rules: []\nrules: []", "rules: appears twice; remove one of the two"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str, problem: str) -> None:
    said = refusal(tmp_path, text)
    assert said.startswith(problem)
    assert "\n" not in said


def test_a_sandbox_with_a_wrong_file_does_not_start(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("rules: [{}]", encoding="utf-8")
    with (
        pytest.raises(FaultsFileError, match=r"faults\.yaml: rules\.0"),
        running_sandbox(tmp_path / "inventory.sqlite", load("sandbox")),
    ):
        raise AssertionError("no sandbox starts with this file")
    assert not (tmp_path / "inventory.sqlite").exists()


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ({}, True),
        ({"operation": "create"}, True),
        ({"operation": "update"}, False),
        ({"type": "azure-native:network:Subnet"}, True),
        ({"type": "azure-native:*"}, True),
        ({"type": "azure-native:network"}, False),
        ({"name": "train*"}, True),
        ({"name": "rain*"}, False),
        ({"stack": "network_storage"}, True),
        ({"stack": "identity"}, False),
        ({"when": "after"}, False),
    ],
)
def test_a_rule_meets_what_it_names(rule: dict[str, str], met: bool) -> None:
    assert meets(Rule.model_validate({**rule, **ERROR}), SUBNET, "before") is met


def test_a_rule_lets_some_through_and_then_acts_so_many_times() -> None:
    rule = Rule.model_validate({"skip": 2, "times": 3, **ERROR})
    assert [acts(rule, seen) for seen in range(1, 8)] == [False, False, True, True, True, False, False]
    assert [acted(rule, seen) for seen in range(8)] == [0, 0, 0, 1, 2, 3, 3, 3]
    always = Rule.model_validate({"skip": 1, "times": "always", **ERROR})
    assert [acts(always, seen) for seen in (1, 2, 1000)] == [False, True, True]
    assert acted(always, 1000) == 999


def test_two_rules_that_say_the_same_are_counted_apart() -> None:
    rule = Rule.model_validate(ERROR)
    assert len(set(keys([rule, rule]))) == 2
    assert keys([rule]) == keys([Rule.model_validate({"times": 1, **ERROR})])


def source(tmp_path: Path) -> tuple[FaultSource, Inventory]:
    inventory = Inventory(tmp_path / "inventory.sqlite")
    return FaultSource(tmp_path / FILE, inventory.fault_counts), inventory


def acting(found: FaultSource) -> bool:
    return rule(found) is not None


def rule(found: FaultSource) -> Rule | None:
    faults = found.now()
    return found.rule_for(faults, SUBNET, "before") if faults else None


def test_counts_go_on_in_a_new_server_and_begin_anew_with_a_rule_that_comes_back(tmp_path: Path) -> None:
    write_faults(tmp_path, {"times": 2, **ERROR})
    first, _ = source(tmp_path)
    assert acting(first)
    second, inventory = source(tmp_path)
    assert [acting(second), acting(first), acting(second)] == [True, False, False]
    assert list(inventory.fault_counts.all().values()) == [4]
    write_faults(tmp_path)
    assert not acting(second)
    assert inventory.fault_counts.all() == {}
    write_faults(tmp_path, {"times": 2, **ERROR})
    assert acting(second)


def test_a_rule_after_the_one_that_acts_is_not_asked(tmp_path: Path) -> None:
    write_faults(tmp_path, {"times": 1, "hang": 1}, {"times": 1, "hang": 2}, {"operation": "delete", "hang": 3})
    found, _ = source(tmp_path)
    rules = [rule(found) for _ in range(3)]
    assert [one.hang if one else None for one in rules] == [1, 2, None]


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    found, _ = source(tmp_path)
    assert not acting(found)
    write_faults(tmp_path, {"times": "always", **ERROR})
    assert acting(found)
    (tmp_path / FILE).write_text("rules: 3", encoding="utf-8")
    with pytest.raises(FaultsFileError, match="should be a list"):
        found.now()
    (tmp_path / FILE).unlink()
    assert not acting(found)


def test_an_operation_takes_its_typical_time_scaled() -> None:
    typical = TYPICAL["azure-native:network:Subnet"].create
    assert typical
    assert seconds_of(Latency(scale=0.5), SUBNET) == typical / 2
    assert seconds_of(Latency(), SUBNET) == 0
    reading = dataclasses.replace(SUBNET, operation="read")
    assert 0 < seconds_of(Latency(scale=1), reading) < 1
    assert [seconds_of(Latency(scale=1), dataclasses.replace(SUBNET, operation=one)) for one in ("check", "diff")] == [
        0,
        0,
    ]


def test_own_figures_go_before_the_typical_ones_and_the_exact_type_before_a_glob() -> None:
    own = {"azure-native:*": Seconds(create=1, delete=2), "azure-native:network:Subnet": Seconds(create=7)}
    latency = Latency(scale=1, seconds=own)
    assert seconds_of(latency, SUBNET) == 7
    assert seconds_of(latency, dataclasses.replace(SUBNET, operation="delete")) == 2
    assert seconds_of(latency, dataclasses.replace(SUBNET, type="aws:s3/bucket:Bucket")) == 2


def test_every_typical_time_is_that_of_a_type_that_the_sandbox_knows() -> None:
    known = {token for catalog in CATALOGS for token in catalog.resources}
    assert {token for token in TYPICAL if not token.endswith("*")} <= known


def test_an_error_is_worded_as_by_the_real_provider() -> None:
    busy = InjectedError(code="AnotherOperationInProgress")
    assert worded("azure-native", SUBNET, busy).startswith(
        'Status=409 Code="AnotherOperationInProgress" Message="Another operation on this or dependent resource is in'
    )
    role = Call(operation="create", type="aws:iam/role:Role", name="gha", stack="identity")
    assert worded("aws", role, InjectedError(code="Throttling")) == (
        "1 error occurred:\n\t* creating IAM Role (gha): operation error IAM: CreateRole, exceeded maximum number of "
        "attempts, 25, https response error StatusCode: 400, RequestID: 5aaee92d-bb49-5ae5-b0d6-23df12b624c8, api "
        "error Throttling: Rate exceeded\n\n"
    )
    versioning = Call(operation="update", type="aws:s3/bucketVersioning:BucketVersioning", name="data", stack="x")
    assert (
        "updating S3 Bucket Versioning (data): operation error S3: PutBucketVersioning, https response error Stat"
        in (worded("aws", versioning, InjectedError(code="OperationAborted")))
    )
    read = dataclasses.replace(role, operation="read")
    assert "reading IAM Role (gha): operation error IAM: GetRole, " in worded("aws", read, InjectedError(code="X"))
    member = Call(operation="create", type="azuread:index/groupMember:GroupMember", name="admins", stack="identity")
    assert worded("azuread", member, InjectedError(code="Request_ResourceNotFound")).startswith(
        '1 error occurred:\n\t* Creating group member "admins": unexpected status 404 (404 Not Found) with error: '
        "Request_ResourceNotFound: Resource '"
    )


def test_a_rule_may_say_status_and_sentence_itself_and_a_code_of_its_own() -> None:
    own = InjectedError(code="Mine", message="Said so.", status=418)
    assert worded("azure-native", SUBNET, own) == 'Status=418 Code="Mine" Message="Said so."'
    assert worded("azure-native", SUBNET, InjectedError(code="Mine")).startswith('Status=400 Code="Mine" Message="')


def test_a_sandbox_without_faults_starts_without_what_reads_them(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, shared.sandbox.server\n"
        "from shared.sandbox.faults.source import FaultSource\n"
        "from shared.sandbox.inventory import Inventory\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "counts = Inventory(folder / 'inventory.sqlite').fault_counts\n"
        "assert FaultSource(folder / 'faults.yaml', counts).now() is None\n"
        "assert not {'pydantic', 'ruamel.yaml'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
