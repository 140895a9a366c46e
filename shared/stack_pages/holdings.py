"""The table of what goes with a resource when it is replaced or deleted."""

from collections.abc import Iterable

from shared.orchestration.stateful import LOST_WITH
from shared.stack_pages.markdown import table
from shared.stack_pages.trial_run import Declared


def holdings_table(resources: Iterable[Declared]) -> str:
    """Return the table of the stateful ones among `resources`: the names of one type share a row."""
    names: dict[str, set[str]] = {}
    for resource in resources:
        if resource.type in LOST_WITH:
            names.setdefault(resource.type, set()).add(resource.name)
    rows = [
        (f"`{kind.rpartition(':')[2]}`", ", ".join(sorted(names[kind])), LOST_WITH[kind])
        for kind in sorted(names, key=lambda token: token.rpartition(":")[2])
    ]
    return table(("resource", "named", "with it goes"), rows)
