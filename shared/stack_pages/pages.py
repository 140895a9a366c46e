"""The pages with parts that are made from code, as they should be now."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from shared.contracts import StackOutputs
from shared.environment import Environment, load
from shared.environment.loading import environment_names
from shared.orchestration.definitions import discover
from shared.stack_pages.costs import ByEnvironment, cost_text, totals_table, unit_price_table
from shared.stack_pages.holdings import holdings_table
from shared.stack_pages.markdown import with_part
from shared.stack_pages.published import published_table
from shared.stack_pages.trial_run import Declared, Trial, try_program

COSTS: Final = "docs/costs.md"
_TIERS: Final = ("sandbox", "development", "staging", "production")


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackFacts:
    """What is known of one stack. resources: by environment; readers: stacks that read an output, by output."""

    publishes: type[StackOutputs]
    resources: ByEnvironment
    readers: Mapping[str, Sequence[str]]


def pages(root: Path) -> dict[str, str]:
    """Return the texts of the pages of the repository at `root`, by path; a page that does not exist is made.

    Raises GraphError, EnvironmentFileError, UnpricedTypeError, and what a program raises.
    """
    environments = _environments(root)
    facts = _facts(root, environments)
    paid = [each.name for each in environments if not each.simulated]
    costs = {stack: {name: each.resources[name] for name in paid} for stack, each in facts.items()}
    texts = {f"stacks/{stack}/README.md": _stack_page(root, stack, each, costs[stack]) for stack, each in facts.items()}
    return {**texts, COSTS: _cost_page(root, costs)}


def _environments(root: Path) -> list[Environment]:
    """Return the environments from the one that is thrown away to the most precious."""
    loaded = [load(name, root) for name in environment_names(root)]
    return sorted(loaded, key=lambda each: (_TIERS.index(each.tier), each.name))


def _facts(root: Path, environments: Sequence[Environment]) -> dict[str, StackFacts]:
    stacks = [definition.name for definition in discover(root)]
    trials = {(stack, each.name): try_program(stack, each, root) for stack in stacks for each in environments}
    return {stack: _facts_of(stack, trials) for stack in stacks}


def _facts_of(stack: str, trials: Mapping[tuple[str, str], Trial]) -> StackFacts:
    own = {environment: trial for (name, environment), trial in trials.items() if name == stack}
    publishes = next(iter(own.values())).publishes
    readers = {
        spec.name: sorted({reader for (reader, _), trial in trials.items() if (stack, spec.name) in trial.reads})
        for spec in publishes.specs()
    }
    resources = {environment: trial.resources for environment, trial in own.items()}
    return StackFacts(publishes=publishes, resources=resources, readers=readers)


def _stack_page(root: Path, stack: str, facts: StackFacts, costs: ByEnvironment) -> str:
    text = _present(root / "stacks" / stack / "README.md", f"# {stack}\n")
    text = with_part(text, "outputs", published_table(facts.publishes, facts.readers), heading="Publishes")
    text = with_part(text, "costs", cost_text(costs), heading="Costs")
    declared: list[Declared] = [found for each in facts.resources.values() for found in each]
    return with_part(text, "holdings", holdings_table(declared), heading="Replacing")


def _cost_page(root: Path, costs: Mapping[str, ByEnvironment]) -> str:
    text = _present(root / COSTS, "# Costs\n")
    text = with_part(text, "totals", totals_table(costs), heading="What the platform costs")
    return with_part(text, "unit prices", unit_price_table(), heading="Unit prices")


def _present(file: Path, otherwise: str) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else otherwise
