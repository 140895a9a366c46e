"""How drift looks to a person: a tree of stacks and of what differs in each; and what programs would have to say."""

from collections.abc import Callable, Iterable, Iterator

from rich.text import Text
from rich.tree import Tree

from shared.orchestration.drift import top
from shared.orchestration.job import StackOutcome
from shared.orchestration.resource_changes import PropertyChange, ResourceChange
from shared.reporting.terminal import STYLES

_SECRET = "[secret]"  # noqa: S105  it stands in place of one


def drift_tree(environment: str, outcomes: Iterable[StackOutcome], *, details: bool = False) -> Tree:
    """Return the tree. details: whether the values are shown too; those of secrets never are."""
    tree = Tree(Text(f"drift of {environment}", "bold"), guide_style="dim")
    for outcome in outcomes:
        branch = tree.add(_title(outcome))
        if outcome.reason and not outcome.resources:
            branch.add(Text(outcome.reason, "bold red" if outcome.result == "failed" else "dim"))
        for change in outcome.resources:
            leaf = branch.add(_line(change))
            for one in change.details if details else ():
                leaf.add(Text(f"{one.path}: state {one.before or 'nothing'}, cloud {one.after or 'nothing'}", "yellow"))
    return tree


def program_lines(outcome: StackOutcome, place_of: Callable[[str], str]) -> Iterator[str]:
    """Yield what the program of a stack must say to agree with the clouds, a line for each property.

    place_of: returns the line of the program that a resource came from, by URN, or nothing.
    """
    for change in outcome.resources:
        place = place_of(change.urn)
        who = f"{f'{place}: ' if place else ''}{change.name} ({change.type})"
        if change.certain == "delete":
            yield f"{who}: take it out, as it is gone"
            continue
        shown = {top(one.path) for one in change.details}
        yield from (f"{who}: {_assignment(one)}" for one in change.details)
        yield from (f"{who}: {name} is another secret" for name in change.properties if name not in shown)
        if not change.details and not change.properties:
            yield f"{who}: a secret of it is another one"


def _assignment(change: PropertyChange) -> str:
    if _SECRET in change.after:
        return f"{change.path} is another secret"
    if change.output:
        said = f"{change.path} is {change.after or 'nothing'} in what the cloud reports"
        return f"{said}, and no input is seen to differ: look whether the program has to say anything"
    return f"{change.path} = {change.after}" if change.after else f"take {change.path} out"


def _title(outcome: StackOutcome) -> Text:
    title = Text(outcome.stack, "bold")
    if outcome.result == "succeeded":
        count = len(outcome.resources)
        title.append(f"  {count} {'differs' if count == 1 else 'differ'}", "yellow")
    elif outcome.result == "unchanged":
        title.append("  as in the state" if not outcome.reason else "", "dim")
    else:
        title.append(f"  {outcome.result}", STYLES[outcome.result])
    return title


def _line(change: ResourceChange) -> Text:
    gone = change.certain == "delete"
    line = Text(f"- {change.name} is gone" if gone else f"~ {change.name}", "bold red" if gone else "yellow")
    line.append(f"  {change.type}", "dim")
    line.append(f"  {', '.join(change.properties)}" if change.properties else "", "default")
    return line
