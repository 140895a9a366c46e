"""What may flow in and out of the subnets, against a table that says it again: a wider rule fails here.

The tags and ports are those of Microsoft's "Configure inbound and outbound network traffic" for Azure Machine Learning
and "Secure an Azure Machine Learning training environment with virtual networks".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from shared.environment import Environment
from tests.unit.network_storage.environments import FILES, combinations, file, run_in

Rule = tuple[str, str, str, str, str, str]
"""Direction, access, source, destination, protocol, ports."""

HTTPS = ("Tcp", "443")
ALL = ("*", "*")
NOTHING_IN_FROM_OUTSIDE: Rule = ("Inbound", "Deny", "Internet", "*", *ALL)
NOTHING_OUT_TO_OUTSIDE: Rule = ("Outbound", "Deny", "*", "Internet", *ALL)


def _out(tag: str, protocol: str = "Tcp", ports: str = "443") -> Rule:
    return ("Outbound", "Allow", "*", tag, protocol, ports)


ENDPOINTS: set[Rule] = {("Inbound", "Allow", "VirtualNetwork", "VirtualNetwork", *HTTPS), NOTHING_IN_FROM_OUTSIDE}
RUNNER: set[Rule] = {
    _out("VirtualNetwork"),
    _out("Internet"),
    NOTHING_OUT_TO_OUTSIDE,
    ("Inbound", "Deny", "*", "*", *ALL),
}
TRAINING: set[Rule] = {
    _out("AzureActiveDirectory"),
    _out("AzureMachineLearning"),
    _out("AzureResourceManager"),
    _out("AzureFrontDoor.FirstParty"),
    _out("MicrosoftContainerRegistry"),
    _out("AzureMonitor"),
    _out("VirtualNetwork"),
    _out("BatchNodeManagement.westeurope"),
    NOTHING_OUT_TO_OUTSIDE,
    NOTHING_IN_FROM_OUTSIDE,
}
STORAGE: set[Rule] = {_out("Storage.westeurope")}
NODES: set[Rule] = {
    _out("AzureMachineLearning", "Tcp", "8787,18881"),
    _out("AzureMachineLearning", "Udp", "5831"),
    _out("BatchNodeManagement.westeurope", "Udp", "443"),
    _out("Storage.westeurope", "Tcp", "445"),
}
NODE_START: set[Rule] = {("Inbound", "Allow", "AzureMachineLearning", "VirtualNetwork", "Tcp", "44224")}

# By storage access and isolation of Azure Machine Learning's compute.
TRAINING_IN: Mapping[tuple[str, str], set[Rule]] = {
    ("private_endpoint", "AllowOnlyApprovedOutbound"): TRAINING,
    ("private_endpoint", "Disabled"): TRAINING | STORAGE | NODES,
    ("service_endpoint", "AllowOnlyApprovedOutbound"): TRAINING | STORAGE,
    ("service_endpoint", "Disabled"): TRAINING | STORAGE | NODES | NODE_START,
}


def _documented(env: Environment) -> dict[str, set[Rule]]:
    training = TRAINING_IN[env.storage.access, env.ml_workspace.isolation_mode]
    runner = {"runner": RUNNER} if env.virtual_network.runner_subnet else {}
    return {"pe": ENDPOINTS, "training": training, **runner}


def _made(env: Environment) -> dict[str, list[dict[str, Any]]]:
    groups = run_in(env).all("network:NetworkSecurityGroup")
    return {name: group.inputs["securityRules"] for name, group in groups.items()}


def _row(rule: Mapping[str, Any]) -> Rule:
    ports = rule.get("destinationPortRange") or ",".join(rule["destinationPortRanges"])
    assert rule["sourcePortRange"] == "*"
    return (
        rule["direction"],
        rule["access"],
        rule["sourceAddressPrefix"],
        rule["destinationAddressPrefix"],
        rule["protocol"],
        ports,
    )


ENVIRONMENTS = [*map(file, FILES), *combinations()]


@pytest.fixture(
    scope="module",
    params=ENVIRONMENTS,
    ids=lambda env: (
        f"{env.name}-{env.storage.access}-{env.ml_workspace.isolation_mode}-{env.virtual_network.runner_subnet}"
    ),
)
def groups(request: pytest.FixtureRequest) -> tuple[Environment, dict[str, list[dict[str, Any]]]]:
    return request.param, _made(request.param)


Groups = tuple[Environment, dict[str, list[dict[str, Any]]]]


def test_every_group_has_the_documented_rules_and_no_other(groups: Groups) -> None:
    env, made = groups
    assert {name: {_row(rule) for rule in rules} for name, rules in made.items()} == _documented(env)


def test_names_and_priorities_are_used_once(groups: Groups) -> None:
    for rules in groups[1].values():
        assert len({rule["name"] for rule in rules}) == len(rules)
        assert len({(rule["direction"], rule["priority"]) for rule in rules}) == len(rules)


def _decides(rules: Sequence[Mapping[str, Any]], direction: str, tag: str, protocol: str, port: str) -> str:
    """Return what happens to traffic between a subnet and `tag`, as Azure decides: the first rule that fits."""
    ordered = [_row(rule) for rule in sorted(rules, key=lambda rule: rule["priority"])]
    for row in ordered:
        peer = row[2] if direction == "Inbound" else row[3]
        ports = row[5].split(",")
        if row[0] == direction and peer in (tag, "*") and row[4] in (protocol, "*") and ({port, "*"} & set(ports)):
            return row[1]
    # Azure's own rules come last: the network talks to itself, and everything goes out.
    ours = ("VirtualNetwork",) if direction == "Inbound" else ("VirtualNetwork", "Internet")
    return "Allow" if tag in ours else "Deny"


def _attempts() -> Iterator[tuple[str, str]]:
    yield from (("Tcp", port) for port in ("22", "80", "443", "445", "3389", "8080", "44224"))
    yield from (("Udp", port) for port in ("53", "443", "5831"))


def test_nothing_comes_in_from_the_internet(groups: Groups) -> None:
    for rules in groups[1].values():
        for protocol, port in _attempts():
            assert _decides(rules, "Inbound", "Internet", protocol, port) == "Deny"


def test_only_runners_reach_the_internet_and_only_over_https(groups: Groups) -> None:
    for name, rules in groups[1].items():
        if name == "pe":
            continue  # endpoints start no connections
        for protocol, port in _attempts():
            allowed = name == "runner" and (protocol, port) == HTTPS
            assert (_decides(rules, "Outbound", "Internet", protocol, port) == "Allow") == allowed


def test_denials_come_after_what_they_except_and_before_azures_own_rules(groups: Groups) -> None:
    for rules in groups[1].values():
        for direction in ("Inbound", "Outbound"):
            denied = [rule["priority"] for rule in rules if (rule["direction"], rule["access"]) == (direction, "Deny")]
            allowed = [
                rule["priority"] for rule in rules if (rule["direction"], rule["access"]) == (direction, "Allow")
            ]
            assert all(priority <= 4096 for priority in denied)
            assert not denied or not allowed or max(allowed) < min(denied)


def test_administration_ports_are_open_to_nobody(groups: Groups) -> None:
    for rules in groups[1].values():
        opened = {port for rule in map(_row, rules) if rule[1] == "Allow" for port in rule[5].split(",")}
        assert not opened & {"*", "22", "80", "3389"}
