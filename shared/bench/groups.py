"""All groups of budgets, by the names that `--only` takes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from shared.bench.graphs import graphs_group
from shared.bench.group import Group
from shared.bench.place import Place
from shared.bench.runs import deploy_group, preview_group
from shared.bench.slow_clouds import slow_clouds_group
from shared.bench.starts import affected_group, list_group

# In the order in which they are prepared: `affected` makes the place a git repository.
GROUPS: Mapping[str, Callable[[Place], Group]] = MappingProxyType(
    {
        "list": list_group,
        "affected": affected_group,
        "preview": preview_group,
        "deploy": deploy_group,
        "latency": slow_clouds_group,
        "graphs": graphs_group,
    }
)

# Not measured unless asked for: ten minutes and more.
LONG = frozenset({"graphs", "latency"})
