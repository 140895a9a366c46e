"""Two checkpoints have one hash if, and only if, they mean the same."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.plan_set.checkpoint_hash import canonical_hash

MARKER = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

names = st.sampled_from(["tags", "sku", "id", "name", "ciphertext", "dependencies"])
secrets = st.builds(lambda text: {MARKER: SECRET, "ciphertext": f"v1:nonce:{text}"}, st.text("abc", max_size=8))
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)
values = st.recursive(
    scalars | secrets,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
urns = st.integers(0, 9).map(lambda number: f"urn:pulumi:prod::s::aws:s3/bucket:Bucket::{number}")
moments = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z"])


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "urn": draw(urns),
        "custom": draw(st.booleans()),
        "type": "aws:s3/bucket:Bucket",
        "inputs": draw(st.dictionaries(names, values, max_size=3)),
        "outputs": draw(st.dictionaries(names, values, max_size=3)),
        "dependencies": draw(st.lists(urns, max_size=4, unique=True)),
        "propertyDependencies": draw(st.dictionaries(names, st.lists(urns, max_size=3, unique=True), max_size=2)),
        "created": draw(moments),
        "modified": draw(moments),
        "sourcePosition": draw(st.text(max_size=3)),
        "stackTrace": draw(st.lists(st.text(max_size=3), max_size=2)),
    }


@st.composite
def checkpoints(draw: st.DrawFn) -> dict[str, Any]:
    latest: dict[str, Any] = {
        "manifest": {"time": draw(moments), "magic": draw(st.text(max_size=3)), "version": "v3.259.0"},
        "secrets_providers": {"type": "passphrase", "state": {"salt": draw(st.text(max_size=3))}},
        "resources": draw(st.lists(resources(), max_size=4)),
        "metadata": {},
    }
    if draw(st.booleans()):
        pending = st.builds(lambda resource: {"resource": resource, "type": "creating"}, resources())
        latest["pending_operations"] = draw(st.lists(pending, max_size=2))
    return {"version": 3, "checkpoint": {"stack": "organization/s/prod", "latest": latest}}


def updated_without_changes(checkpoint: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return what the engine writes after an update that changes nothing, from another folder."""
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it

    def shuffled(things: list[Any]) -> list[Any]:
        return chance.sample(things, len(things))

    def written(value: Any) -> Any:
        if isinstance(value, dict):
            if MARKER in value:
                return {**value, "ciphertext": "".join(shuffled(list(value["ciphertext"])))}
            return {name: written(value[name]) for name in shuffled(list(value))}
        return [written(inner) for inner in value] if isinstance(value, list) else value

    def resource(one: dict[str, Any]) -> dict[str, Any]:
        return {
            **{name: written(one[name]) for name in shuffled(list(one))},
            "dependencies": shuffled(one["dependencies"]),
            "propertyDependencies": {name: shuffled(urns) for name, urns in one["propertyDependencies"].items()},
            "sourcePosition": "project:///elsewhere/program.py#7",
            "stackTrace": [{"sourcePosition": "project:///elsewhere/program.py#7"}],
        }

    found = copy.deepcopy(checkpoint)
    latest = found["checkpoint"]["latest"]
    latest["manifest"] = {"time": "2030-01-01T00:00:00Z", "magic": "other", "version": "v3.260.0"}
    latest["resources"] = [resource(one) for one in shuffled(latest["resources"])]
    if "pending_operations" in latest:
        pending = [{**one, "resource": resource(one["resource"])} for one in latest["pending_operations"]]
        latest["pending_operations"] = shuffled(pending)
    return found


@given(checkpoints(), st.integers(0, 1000))
def test_an_update_without_changes_leaves_the_hash(checkpoint: dict[str, Any], seed: int) -> None:
    before = copy.deepcopy(checkpoint)
    assert canonical_hash(updated_without_changes(checkpoint, seed)) == canonical_hash(checkpoint)
    assert checkpoint == before


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [leaf for name, one in inner for leaf in leaves(one, (*path, name))]
    return found or [path]


def has_no_meaning(path: tuple[Any, ...]) -> bool:
    where = [part for part in path if part in {"manifest", "sourcePosition", "stackTrace"}]
    return bool(where) or path == () or (path[-1] == "ciphertext")


@given(checkpoints(), st.data())
def test_any_other_value_changes_the_hash(checkpoint: dict[str, Any], data: st.DataObject) -> None:
    places = [path for path in leaves(checkpoint) if not has_no_meaning(path)]
    places = [path for path in places if path[-1] not in {"resources", "pending_operations", "dependencies"}]
    path = data.draw(st.sampled_from(places))
    changed = copy.deepcopy(checkpoint)
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    old = holder[path[-1]]
    # Of the same form, as the engine writes it.
    holder[path[-1]] = ["another"] if old == [] else {"another": []} if old == {} else "another value"
    assert canonical_hash(changed) != canonical_hash(checkpoint)


@given(checkpoints(), resources())
def test_one_resource_more_changes_the_hash(checkpoint: dict[str, Any], resource: dict[str, Any]) -> None:
    more = copy.deepcopy(checkpoint)
    more["checkpoint"]["latest"]["resources"].append(resource)
    assert canonical_hash(more) != canonical_hash(checkpoint)


@given(checkpoints(), resources())
def test_pending_operations_count(checkpoint: dict[str, Any], resource: dict[str, Any]) -> None:
    more = copy.deepcopy(checkpoint)
    more["checkpoint"]["latest"].setdefault("pending_operations", []).append({"resource": resource, "type": "creating"})
    assert canonical_hash(more) != canonical_hash(checkpoint)


def one_resource(**fields: Any) -> dict[str, Any]:
    resource = {"urn": "urn:pulumi:prod::s::t::n", "type": "t", "modified": "2026-01-01T00:00:00Z", **fields}
    return {"version": 3, "checkpoint": {"stack": "organization/s/prod", "latest": {"resources": [resource]}}}


@pytest.mark.parametrize("place", ["inputs", "outputs"])
def test_a_longer_secret_and_a_value_that_is_no_secret_any_more_change_the_hash(place: str) -> None:
    secret = one_resource(**{place: {"password": {MARKER: SECRET, "ciphertext": "v1:abc"}}})
    longer = one_resource(**{place: {"password": {MARKER: SECRET, "ciphertext": "v1:abcd"}}})
    other = one_resource(**{place: {"password": {MARKER: SECRET, "ciphertext": "v1:xyz"}}})
    clear = one_resource(**{place: {"password": "v1:abc"}})
    assert canonical_hash(secret) == canonical_hash(other)
    assert len({canonical_hash(one) for one in (secret, longer, clear)}) == 3


def test_the_order_of_a_list_of_values_counts() -> None:
    first, second = (one_resource(inputs={"zones": zones}) for zones in (["a", "b"], ["b", "a"]))
    assert canonical_hash(first) != canonical_hash(second)


def test_when_a_resource_was_modified_counts() -> None:
    assert canonical_hash(one_resource()) != canonical_hash(one_resource(modified="2026-01-01T00:00:01Z"))


def test_no_checkpoint_has_no_hash() -> None:
    assert canonical_hash(None) is None


def test_a_stack_without_resources_has_a_hash() -> None:
    empty = {"version": 3, "checkpoint": {"stack": "organization/s/prod", "latest": None}}
    found = canonical_hash(empty)
    assert found is not None
    assert len(found) == 64
    assert found == canonical_hash(json.loads(json.dumps(empty)))
