"""What stays of deleted resources: a decision over records, without effects."""

import datetime
from collections.abc import Iterable, Iterator, Mapping

from shared.sandbox.inventory import Record
from shared.sandbox.model import Existing, SoftDelete
from shared.sandbox.soft_deleted import SoftDeleted


def soft_deletions(
    records: Iterable[Record], rules: Mapping[str, SoftDelete], existing: Existing, when: datetime.datetime
) -> Iterator[SoftDeleted]:
    """Yield what goes on holding its name when `records` are deleted together.

    rules: by type token. What lies below a soft-deleted resource is deleted as a part of it and holds nothing itself.
    """
    above: list[str] = []
    for record in sorted(records, key=lambda one: len(one.id)):
        key = record.id.lower()
        rule = rules.get(record.token)
        if rule is None or any(key.startswith(f"{one}/") for one in above):
            continue
        hold = rule.hold(record, existing)
        if hold is None:
            continue
        above.append(key)
        yield SoftDeleted(
            name=record.unique_name or record.id,
            id=record.id,
            token=record.token,
            location=str(record.outputs.get("location") or ""),
            deleted=when,
            until=when + datetime.timedelta(days=hold.days),
            protected=hold.protected,
        )
