"""The inventory of the simulated clouds."""

import dataclasses
import datetime
import sqlite3
from pathlib import Path

import pytest

from shared.environment import load
from shared.sandbox.errors import CloudError, InventoryError, SandboxStartError
from shared.sandbox.inventory import Inventory, Record
from shared.sandbox.inventory_schema import SCHEMA_VERSION
from shared.sandbox.process import running_sandbox
from shared.sandbox.purge import purge
from shared.sandbox.remains import remains
from shared.sandbox.soft_deleted import SoftDeleted


def record(resource_id: str, *, unique_name: str | None = None, size: int = 1) -> Record:
    return Record(
        id=resource_id, token="a:b:C", serial=1, unique_name=unique_name, inputs={"size": size}, outputs={"size": size}
    )


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    return Inventory(tmp_path / "inventory.sqlite")


def test_what_is_put_is_found_whatever_its_case(inventory: Inventory) -> None:
    inventory.put(record("/Group/One"))
    found = inventory.find("/group/one")
    assert found is not None
    assert found.inputs == {"size": 1}
    inventory.put(record("/Group/One", size=2))
    assert [one.inputs for one in inventory.all()] == [{"size": 2}]


def test_a_unique_name_has_one_holder_and_nobody_takes_it_in_silence(inventory: Inventory) -> None:
    inventory.put(record("/one", unique_name="global/n"))
    holder = inventory.holder_of("global/n")
    assert holder is not None
    assert holder.id == "/one"
    with pytest.raises(sqlite3.IntegrityError):
        inventory.put(record("/two", unique_name="global/n"))
    assert [one.id for one in inventory.all()] == ["/one"]


def test_what_lies_below_a_resource_is_its_children_only(inventory: Inventory) -> None:
    for resource_id in ("/g/a", "/g/A/b", "/g/a/b/c", "/g/ab", "/g/a%"):
        inventory.put(record(resource_id))
    assert [one.id for one in inventory.below("/G/a")] == ["/g/A/b", "/g/a/b/c"]


@dataclasses.dataclass
class Clock:
    """A clock that a test sets."""

    time: datetime.datetime = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.time


def soft_deleted(clock: Clock, resource_id: str, *, days: int = 7, protected: bool = False) -> SoftDeleted:
    return SoftDeleted(
        name=f"vault {resource_id}",
        id=resource_id,
        token="a:b:C",
        location="westeurope",
        deleted=clock(),
        until=clock() + datetime.timedelta(days=days),
        protected=protected,
    )


def test_a_name_is_held_until_its_time_has_passed(tmp_path: Path) -> None:
    clock = Clock()
    inventory = Inventory(tmp_path / "inventory.sqlite", clock)
    gone = soft_deleted(clock, "/g/one", days=7)
    inventory.soft_deleted.add(gone)
    assert inventory.soft_deleted.find("VAULT /g/ONE") == gone
    assert inventory.all() == []
    clock.time += datetime.timedelta(days=6, hours=23)
    assert inventory.soft_deleted.all() == [gone]
    clock.time += datetime.timedelta(hours=1)
    assert inventory.soft_deleted.find("vault /g/one") is None


def test_a_name_is_freed_with_what_was_deleted_below_it(tmp_path: Path) -> None:
    clock = Clock()
    inventory = Inventory(tmp_path / "inventory.sqlite", clock)
    for resource_id in ("/g/one", "/g/one/keys/k", "/g/one_more"):
        inventory.soft_deleted.add(soft_deleted(clock, resource_id))
    purge(inventory, "vault /g/one")
    assert [one.id for one in inventory.soft_deleted.all()] == ["/g/one_more"]


def test_nobody_purges_what_is_protected_or_not_there(tmp_path: Path) -> None:
    clock = Clock()
    inventory = Inventory(tmp_path / "inventory.sqlite", clock)
    inventory.soft_deleted.add(soft_deleted(clock, "/g/one", protected=True))
    with pytest.raises(CloudError, match="MethodNotAllowed"):
        purge(inventory, "vault /g/one")
    with pytest.raises(CloudError, match="Nothing that was deleted holds the name vault /g/two"):
        purge(inventory, "vault /g/two")
    assert len(inventory.soft_deleted.all()) == 1


def test_a_file_of_version_1_keeps_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "inventory.sqlite"
    inventory = Inventory(path)
    inventory.put(record("/one"))
    inventory.close()
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE soft_deleted; DROP TABLE fault_counts; PRAGMA user_version=1")
    connection.close()
    inventory = Inventory(path)
    assert [one.id for one in inventory.all()] == ["/one"]
    assert inventory.soft_deleted.all() == []
    inventory.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def test_a_failed_transaction_leaves_nothing(inventory: Inventory) -> None:
    def fail() -> None:
        with inventory.transaction():
            inventory.put(record("/one"))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail()
    assert inventory.all() == []


def test_it_outlives_the_process_and_two_may_use_it(tmp_path: Path, inventory: Inventory) -> None:
    other = Inventory(tmp_path / "inventory.sqlite")
    inventory.put(record("/one"))
    assert [one.id for one in other.all()] == ["/one"]
    assert remains(tmp_path / "inventory.sqlite") == ["left in the cloud: a:b:C /one"]


def test_operations_are_logged_with_the_id_that_a_creation_got(inventory: Inventory) -> None:
    serial = inventory.next_serial("create", "a:b:C", "")
    inventory.name_operation(serial, "/one")
    inventory.next_serial("delete", "a:b:C", "/one")
    assert inventory.operations() == [("create", "a:b:C", "/one"), ("delete", "a:b:C", "/one")]


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "inventory.sqlite"
    Inventory(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(InventoryError, match=f"has schema {SCHEMA_VERSION + 1}.*update the repository"):
        Inventory(path)


def test_a_file_that_is_no_inventory_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "inventory.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(InventoryError, match="is not an inventory that can be used"):
        Inventory(path)
    with pytest.raises(SandboxStartError, match="is not an inventory"), running_sandbox(path, load("sandbox")):
        raise AssertionError("no sandbox starts on this file")


def test_the_sandbox_attaches_three_providers_on_the_loopback_address_and_ends_with_its_parent(tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "inventory.sqlite", load("sandbox")) as variables:
        attached = dict(one.split(":") for one in variables["PULUMI_DEBUG_PROVIDERS"].split(","))
    assert set(attached) == {"aws", "azure-native", "azuread"}
    assert all(port.isdigit() for port in attached.values())
