"""Which rule meets an operation: decisions without effects."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase

from shared.sandbox.faults.calls import Call, Stage
from shared.sandbox.faults.model import Rule


def meets(rule: Rule, call: Call, stage: Stage) -> bool:
    """Return whether `rule` is about such an operation at that stage; how often it acts is another question."""
    return (
        rule.when == stage
        and rule.operation in ("*", call.operation)
        and fnmatchcase(call.type, rule.type)
        and fnmatchcase(call.name, rule.name)
        and fnmatchcase(call.stack, rule.stack)
    )


def acts(rule: Rule, seen: int) -> bool:
    """Return whether `rule` acts on the operation that is the `seen`th that it meets, counted from 1."""
    return seen > rule.skip and (rule.times == "always" or seen <= rule.skip + rule.times)


def acted(rule: Rule, seen: int) -> int:
    """Return how many times `rule` has acted after it has met `seen` operations."""
    met = max(0, seen - rule.skip)
    return met if rule.times == "always" else min(met, rule.times)


def keys(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return a key per rule, by what it says. Two that say the same have different ones."""
    found: Counter[str] = Counter()
    result: list[str] = []
    for rule in rules:
        text = hashlib.sha256(rule.model_dump_json().encode()).hexdigest()
        result.append(f"{text}.{found[text]}")
        found[text] += 1
    return tuple(result)
