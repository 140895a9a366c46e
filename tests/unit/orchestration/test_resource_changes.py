"""What is said of one resource."""

import pytest

from shared.orchestration.resource_changes import KINDS, Kind, PropertyChange, ResourceChange, name_of, type_of

URN = "urn:pulumi:prod::lower::platform:index:Group$azure-native:storage:StorageAccount::data::of::all"


def test_a_urn_has_its_own_type_and_a_name_that_may_have_colons() -> None:
    assert type_of(URN) == "azure-native:storage:StorageAccount"
    assert name_of(URN) == "data::of::all"
    change = ResourceChange(urn=URN, certain="update")
    assert (change.type, change.name) == ("azure-native:storage:StorageAccount", "data::of::all")


@pytest.mark.parametrize(
    ("certain", "possible", "strongest"),
    [(None, "replace", "replace"), ("update", "replace", "replace"), ("delete", None, "delete")],
)
def test_the_strongest_is_what_may_happen_at_most(certain: Kind | None, possible: Kind | None, strongest: Kind) -> None:
    assert ResourceChange(urn=URN, certain=certain, possible=possible).strongest == strongest


def test_what_can_lose_something_comes_first() -> None:
    assert KINDS[:2] == ("replace", "delete")


def test_property_values_are_not_for_a_log() -> None:
    details = (PropertyChange(path="tags.a", before="planted-before", after="planted-after"),)
    assert "planted" not in repr(ResourceChange(urn=URN, certain="update", details=details))
