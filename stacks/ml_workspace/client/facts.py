"""Where everything is: what `invoke outputs --env E --json` prints."""

import dataclasses
import json
import re
from typing import Self

from shared.absent import ABSENT
from shared.name_rules import RULES, SUFFIX_LENGTH
from stacks.ml_workspace.client.json_object import is_mapping


class FactsError(Exception):
    """The outputs cannot be used. problem: why."""

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"the outputs cannot be used: {problem}; deploy the environment and write them again with"
            " `invoke outputs --env ENVIRONMENT --json`"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """Addresses of one environment.

    workspace_id: ARM id; deployment: the one that the platform made, if it made one; container: of the training data.
    """

    configuration_endpoint: str
    scoring_uri: str
    workspace_id: str
    blob_url: str
    container: str
    deployment: str | None = None

    @classmethod
    def parse(cls, text: str, *, environment: str) -> Self:
        """Return the facts in the JSON of the outputs. Raises FactsError, also for those of another environment."""
        try:
            outputs: object = json.loads(text)
        except ValueError:
            raise FactsError(problem="they are not JSON") from None
        workspace_id = _text(outputs, "ml_workspace", "ml_workspace_id")
        _check_environment(workspace_id, environment)
        deployment = _at(outputs, "ml_workspace", "online_deployment_name")
        return cls(
            configuration_endpoint=_address(outputs, "ml_workspace", "configuration_service_endpoint"),
            scoring_uri=_address(outputs, "ml_workspace", "online_endpoint_scoring_uri"),
            workspace_id=workspace_id,
            blob_url=_address(outputs, "network_storage", "blob_storage_account_url"),
            container=_text(outputs, "network_storage", "container_names", "training_data"),
            deployment=deployment if isinstance(deployment, str) and deployment != ABSENT else None,
        )


def _check_environment(workspace_id: str, environment: str) -> None:
    """Check that the workspace is of `environment`, as its name says.

    Settings are found by the label, everything else by address: those of two environments would make one answer.
    """
    name, rule = workspace_id.rpartition("/")[2], RULES["ml_workspace"]
    suffix = rf"[0-9a-f]{{{SUFFIX_LENGTH}}}"
    ours = rule.separator.join((rule.abbreviation, "[a-z0-9]+", re.escape(environment), suffix))
    if not re.fullmatch(ours, name):
        raise FactsError(problem=f"the workspace {name!r} is not of the environment {environment}")


def _text(outputs: object, *keys: str) -> str:
    found = _at(outputs, *keys)
    if not isinstance(found, str):
        raise FactsError(problem=f"{'.'.join(keys)} is missing")
    return found


def _address(outputs: object, *keys: str) -> str:
    found = _text(outputs, *keys)
    if not found.startswith("https://"):
        # A token in clear is everybody's.
        raise FactsError(problem=f"{'.'.join(keys)} is no https:// address")
    return found


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if is_mapping(value) else None
    return value
