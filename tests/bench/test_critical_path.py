"""The longest chain of resources and stacks."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.bench.critical_path import critical_path

SECONDS = {"a:b:Slow": 5.0, "a:b:Quick": 1.0}


def resource(name: str, kind: str = "a:b:Quick", *waits: str, **more: Any) -> dict[str, Any]:
    return {"urn": name, "type": kind, "custom": True, "dependencies": list(waits), **more}


def length(*resources: dict[str, Any]) -> float:
    return critical_path({"one": resources}, {"one": ()}, lambda kind: SECONDS.get(kind, 0.0))


def test_what_stands_side_by_side_counts_once() -> None:
    assert length(resource("x"), resource("y"), resource("z", "a:b:Slow")) == 5


def test_what_waits_is_added_to_the_slowest_that_it_waits_for() -> None:
    assert length(resource("x"), resource("y", "a:b:Slow"), resource("z", "a:b:Quick", "x", "y")) == 6


def test_a_value_and_a_parent_are_waited_for_too() -> None:
    by_value = resource("z", propertyDependencies={"id": ["y"]})
    assert length(resource("y", "a:b:Slow"), by_value) == 6
    assert length(resource("y", "a:b:Slow"), resource("z", parent="y")) == 6


def test_components_providers_and_what_is_only_read_take_no_time() -> None:
    component = {"urn": "c", "type": "a:b:Slow", "custom": False}
    provider = resource("p", "pulumi:providers:a")
    read = resource("r", "a:b:Slow", external=True)
    assert length(component, provider, read, resource("z", "a:b:Quick", "c", "p", "r")) == 1


def test_stacks_wait_for_the_whole_of_what_they_read_from() -> None:
    slow, quick = (resource("x", "a:b:Slow"),), (resource("y"),)
    upstreams = {"low": (), "beside": (), "high": ("low", "beside")}
    found = critical_path({"low": slow, "beside": quick, "high": quick}, upstreams, SECONDS.__getitem__)
    assert found == 6


def test_nothing_takes_no_time() -> None:
    assert critical_path({}, {}, SECONDS.__getitem__) == 0


@given(st.lists(st.sampled_from(sorted(SECONDS)), max_size=8))
def test_a_chain_takes_the_sum_of_its_parts(kinds: list[str]) -> None:
    chain = [resource(str(n), kind, *([str(n - 1)] if n else [])) for n, kind in enumerate(kinds)]
    assert length(*chain) == sum(SECONDS[kind] for kind in kinds)
