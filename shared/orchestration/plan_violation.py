"""What the engine says when an update is not what its plan allows, without the values that it prints.

Up to version 3.259 its messages show property values, secrets among them (Pulumi pull request 24567).
"""

import re
from collections.abc import Collection, Mapping

from shared.orchestration.resource_changes import name_of, type_of

# From the beginning of a message: what follows holds values, in which anything may stand.
_BEGIN = r"^\s*(?:error: )?"
_GOAL = re.compile(_BEGIN + r"resource (?P<urn>urn:.+? )?violates plan: (?P<what>[A-Za-z ]+)", re.IGNORECASE)
_STEP = re.compile(_BEGIN + r"(?P<op>[a-z-]+) is not allowed by the plan: ")
_UNSEEN = re.compile(_BEGIN + r"expected resource operations for (?P<urn>urn:.+?) but none were seen")
# In what the engine prints, a message stands anywhere in a line.
_ANYWHERE = re.compile(r"violates plan|not allowed by the plan|expected resource operations for")
_COLONS = 3  # between the parts of a URN
_PROPERTY = re.compile(r"[-+~=]{2}(?P<name>\w+)")


def is_violation(text: str) -> bool:
    """Return whether the engine refused something because of the plan. text: a message, or a line that it printed."""
    return bool(_ANYWHERE.search(text))


def is_about_steps(message: str) -> bool:
    """Return whether what differs is only what is done to a resource, and not what it would become."""
    return bool(_STEP.search(message) or _UNSEEN.search(message))


def is_unreached(message: str) -> bool:
    """Return whether the plan only misses a resource, as it does too where an update ended before it came to that."""
    return bool(_UNSEEN.search(message))


def without_values(message: str, urn: str, properties: Mapping[str, Collection[str]]) -> str:
    """Return the message in our words. urn: of the resource; properties: names that may be said, by URN."""
    if unseen := _UNSEEN.search(message):
        return f"{_named(unseen['urn'])} did not change, and the plan says that it does"
    if step := _STEP.search(message):
        return f"{_named(urn)}: {step['op']} is not in the plan"
    goal = _GOAL.search(message)
    urn = (goal["urn"] or urn).strip() if goal else urn
    names = [name for name in _PROPERTY.findall(message) if name in properties.get(urn, ())]
    what = f": {', '.join(dict.fromkeys(names))}" if names else ""
    kind = goal["what"].strip() if goal else "properties changed"
    return f"{_named(urn)} is not as in the plan: {kind}{what}"


def _named(urn: str) -> str:
    return f"{name_of(urn)} ({type_of(urn)})" if urn.count("::") >= _COLONS else "a resource"
