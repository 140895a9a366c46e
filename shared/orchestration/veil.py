"""Secrets that are not known yet: the engine shows every secret as one word, known or not."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shared.orchestration.engine_plan import Plan, dependencies
from shared.orchestration.losses import PlannedStep
from shared.orchestration.planned_outputs import REFERENCE_TYPE, UNKNOWN
from shared.orchestration.resource_changes import name_of, type_of

_MASK = "[secret]"


def lifted(
    steps: Iterable[PlannedStep], plan: Plan, touched: Collection[str], veiled: Collection[str] = ()
) -> tuple[PlannedStep, ...]:
    """Return the steps, with secrets that may not be known as unknown: those from what is touched, or from `veiled`.

    touched: URNs of the stack's resources that do not stay as they are; veiled: stacks.
    """

    def hangs(urn: str, name: str) -> bool:
        return any(
            source in touched or (type_of(source) == REFERENCE_TYPE and name_of(source).split("/")[1] in veiled)
            for source in dependencies(plan, urn, name)
        )

    return tuple(
        dataclasses.replace(
            step,
            new={
                name: UNKNOWN if _masked(value) and hangs(step.urn, name) else value for name, value in step.new.items()
            },
        )
        for step in steps
    )


def _masked(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_masked(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(_masked(inner) for inner in value)
    return isinstance(value, str) and _MASK in value
