"""Everything that the application reads, in one JSON object."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from stacks.ml_workspace.client.blobs import blob_names
from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.configuration import read_configuration
from stacks.ml_workspace.client.errors import ClientError
from stacks.ml_workspace.client.facts import Facts
from stacks.ml_workspace.client.scoring import score
from stacks.ml_workspace.client.workspace import MANAGEMENT, computes, outbound_rules

_BLOBS = 100


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """read: what was read, by its part; problems: one sentence for each part that was not."""

    read: Mapping[str, Any]
    problems: tuple[str, ...]


def report(caller: Caller, facts: Facts, *, label: str, question: Any = None, management: str = MANAGEMENT) -> Report:
    """Read every part. One that fails keeps no other from being read. question: for the model; None asks nothing."""
    parts: dict[str, Callable[[], Any]] = {
        "configuration": lambda: _configuration(caller, facts, label),
        "blobs": lambda: blob_names(caller, facts.blob_url, facts.container, limit=_BLOBS),
        "computes": lambda: _plain(computes(caller, facts.workspace_id, management=management)),
        "outbound_rules": lambda: _plain(outbound_rules(caller, facts.workspace_id, management=management)),
    }
    if question is not None:
        parts["answer"] = lambda: score(caller, facts.scoring_uri, question, deployment=facts.deployment)
    read: dict[str, Any] = {}
    problems: list[str] = []
    for name, part in parts.items():
        try:
            read[name] = part()
        except ClientError as error:
            problems.append(str(error))
    return Report(read=read, problems=tuple(problems))


def _configuration(caller: Caller, facts: Facts, label: str) -> dict[str, Any]:
    found = read_configuration(caller, facts.configuration_endpoint, label=label)
    return {**dataclasses.asdict(found), "pipeline_arn": found.pipeline_arn}


def _plain(found: list[Any]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(one) for one in found]
