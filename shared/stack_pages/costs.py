"""The tables of what a stack costs in each environment, and the platform in each."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shared.stack_pages.markdown import LINE, table
from shared.stack_pages.prices import UNIT_PRICES, UnitPrice, by_use, charges
from shared.stack_pages.trial_run import Declared

ByEnvironment = Mapping[str, Sequence[Declared]]


def cost_text(resources: ByEnvironment) -> str:
    """Return the table of one stack, and a sentence about what only use costs. resources: by environment."""
    counts = {environment: _counts(found) for environment, found in resources.items()}
    used = [price for price in UNIT_PRICES if any(price in each for each in counts.values())]
    rows = [[price.what, _usd(price.usd), *(_some(each[price], price) for each in counts.values())] for price in used]
    sums = ["**together**", "", *(f"**{_usd(_sum(found))}**" for found in resources.values())]
    shown = table(("USD a month", "each", *resources), [*rows, sums], numbers=1 + len(resources))
    by_use = _by_use(found for each in resources.values() for found in each)
    return f"{shown}\n\n{by_use}"


def totals_table(stacks: Mapping[str, ByEnvironment]) -> str:
    """Return what each stack costs in each environment. stacks: their resources, by stack and environment."""
    environments = list(next(iter(stacks.values())))
    rows = [[name, *(_usd(_sum(each[one])) for one in environments)] for name, each in stacks.items()]
    all_of_them = [f"**{_usd(sum(_sum(each[one]) for each in stacks.values()))}**" for one in environments]
    return table(("USD a month", *environments), [*rows, ["**together**", *all_of_them]], numbers=len(environments))


def unit_price_table() -> str:
    """Return the unit prices and where they are from."""
    rows = [(price.what, price.source, _usd(price.usd)) for price in UNIT_PRICES]
    return table(("what", "source", "USD a month"), rows, numbers=1)


def _counts(resources: Iterable[Declared]) -> Counter[UnitPrice]:
    counts: Counter[UnitPrice] = Counter()
    for resource in resources:
        for charge in charges(resource):
            counts[charge.price] += charge.count
    return counts


def _sum(resources: Iterable[Declared]) -> float:
    return sum(charge.usd for resource in resources for charge in charges(resource))


def _some(count: int, price: UnitPrice) -> str:
    return f"{_usd(price.usd * count)} ({count})" if count else "0"


def _usd(amount: float) -> str:
    return f"{amount:.2f}" if amount else "0"


def _by_use(resources: Iterable[Declared]) -> str:
    found = sorted({use for resource in resources if (use := by_use(resource)) is not None})
    sentence = f"What is used costs more: {', '.join(found)}." if found else "Nothing in it costs by use."
    return textwrap.fill(sentence, width=LINE)
