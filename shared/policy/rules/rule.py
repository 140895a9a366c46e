"""A rule of our own."""

import dataclasses
from collections.abc import Callable

from shared.environment.tiers import Tier
from shared.policy.resource import Resource
from shared.policy.suppression import EVERYWHERE


@dataclasses.dataclass(frozen=True, kw_only=True)
class Estate:
    """Everything that is deployed in an environment of a tier."""

    resources: tuple[Resource, ...]
    tier: Tier


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule about resources of some types.

    id: never reused; title: what is right; problem: what is wrong with a resource in one sentence, empty where nothing
    is; tiers: where it holds.
    """

    id: str
    title: str
    types: frozenset[str]
    problem: Callable[[Resource, Estate], str]
    fix: str
    tiers: frozenset[Tier] = EVERYWHERE
