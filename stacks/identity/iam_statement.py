"""Statements of IAM policies, written short."""

from collections.abc import Mapping, Sequence

from shared.components.policy_document import Statement, Values


def allow(sid: str, actions: Sequence[str], resources: Sequence[str], **conditions: Mapping[str, Values]) -> Statement:
    """Return a statement that allows `actions`. conditions: operators with their keys and values."""
    return Statement(sid=sid, actions=actions, resources=resources, conditions=conditions)


def deny(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    """Return a statement that forbids `actions`, whatever else allows them."""
    return Statement(sid=sid, effect="Deny", actions=actions, resources=resources)


def deny_outside(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    """Return a statement that forbids `actions` on everything but `resources`."""
    return Statement(sid=sid, effect="Deny", actions=actions, outside=resources)
