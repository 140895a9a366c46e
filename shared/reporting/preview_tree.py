"""How previews look to a person: a tree of stacks and what would happen in each, the worst first."""

import re
from collections.abc import Iterable, Sequence

from rich.text import Text
from rich.tree import Tree

from shared.orchestration.job import StackOutcome
from shared.orchestration.resource_changes import KINDS, Kind, ResourceChange
from shared.orchestration.stateful import LOST_WITH
from shared.reporting.terminal import STYLES, describe

_SIGNS: dict[Kind, str] = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
_COLORS: dict[Kind, str] = {"create": "green", "update": "yellow", "replace": "bold magenta", "delete": "bold red"}
_SHOWN = 12
"""Creations, updates and possible changes of one stack that are listed; replacements and deletions all are."""


def preview_tree(command: str, environment: str, outcomes: Iterable[StackOutcome], *, details: bool = False) -> Tree:
    """Return the tree. details: whether each property is shown, and nothing is left out."""
    tree = Tree(Text(f"{command} of {environment}", "bold"), guide_style="dim")
    for outcome in outcomes:
        _add_stack(tree, outcome, details=details)
    return tree


def _add_stack(tree: Tree, outcome: StackOutcome, *, details: bool) -> None:
    branch = tree.add(_title(outcome))
    if outcome.reason:
        branch.add(Text(outcome.reason, "bold red" if outcome.result == "failed" else ""))
    certain = sorted((one for one in outcome.resources if one.certain), key=lambda one: _rank(one, one.certain))
    possible = sorted((one for one in outcome.resources if one.possible), key=lambda one: _rank(one, one.possible))
    for change in certain if details else _short(certain):
        _add(branch, change, details=details)
    _add_rest(branch, certain, "more to create or update", details=details)
    listed = possible if details else _worst(possible)
    for change in listed:
        _add_possible(branch, change)
    if len(possible) > len(listed):
        branch.add(Text(f"? {len(possible) - len(listed)} more may change (--diff shows all)", "dim"))
    if outcome.outputs:
        branch.add(Text(f"outputs that change: {', '.join(outcome.outputs)}"))


def _title(outcome: StackOutcome) -> Text:
    title = Text(outcome.stack, "bold")
    title.append(f"  {outcome.result}", STYLES[outcome.result])
    said = describe(outcome.changes, "planned")
    title.append(f"  {said}" if said else "", "default")
    if outcome.changes.same:
        title.append(f"  {outcome.changes.same} same", "dim")
    return title


def _rank(change: ResourceChange, kind: Kind | None) -> tuple[int, int, str]:
    """Return the place of a change: what can lose something first, and in that what surely does."""
    return (KINDS.index(kind or "update"), 0 if change.type in LOST_WITH else 1, change.urn)


def _worst(possible: Sequence[ResourceChange]) -> list[ResourceChange]:
    """Return what is listed of what is possible: every deletion, what would be lost, and some more."""
    must = [one for one in possible if one.possible == "delete" or one.type in LOST_WITH]
    rest = [one for one in possible if one not in must]
    return [*must, *rest[: max(0, _SHOWN - len(must))]]


def _short(changes: Sequence[ResourceChange]) -> list[ResourceChange]:
    worst = [one for one in changes if one.certain in {"replace", "delete"}]
    rest = [one for one in changes if one.certain not in {"replace", "delete"}]
    return [*worst, *rest[:_SHOWN]]


def _add_rest(branch: Tree, changes: Sequence[ResourceChange], what: str, *, details: bool) -> None:
    left = len(changes) - len(_short(changes))
    if left and not details:
        branch.add(Text(f"{left} {what} (--diff shows all)", "dim"))


def _add(branch: Tree, change: ResourceChange, *, details: bool) -> None:
    kind = change.certain or "update"
    line = Text(f"{_SIGNS[kind]} {kind} {change.name}", _COLORS[kind])
    line.append(f"  {change.type}", "dim")
    if change.properties and not details:
        line.append(f"  {', '.join(change.properties)}", "default")
    leaf = branch.add(line)
    for one in change.details if details else ():
        leaf.add(_property(one.path, one.before, one.after))
    for name in _secret(change) if details else ():
        leaf.add(Text(f"~ {name}: [secret] → another [secret]", "yellow"))


def _secret(change: ResourceChange) -> list[str]:
    """Return the inputs that change and show no difference: it is in a secret, which nobody shows."""
    shown = {re.split(r"[.\[]", one.path)[0] for one in change.details}
    return [name for name in change.properties if name not in shown]


def _property(path: str, before: str, after: str) -> Text:
    if not before:
        return Text(f"+ {path}: {after}", "green")
    if not after:
        return Text(f"- {path}: {before}", "red")
    return Text(f"~ {path}: {before} → {after}", "yellow")


def _add_possible(branch: Tree, change: ResourceChange) -> None:
    line = Text(f"? may {change.possible} {change.name}", "cyan")
    line.append(f"  {change.type}", "dim")
    leaf = branch.add(line)
    for reason in change.reasons:
        leaf.add(Text(f"because {reason}", "dim"))
