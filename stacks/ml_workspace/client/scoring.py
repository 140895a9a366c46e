"""Ask a model."""

from typing import Any, Final

from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.calls import Purpose, call

_PURPOSE: Final = Purpose(
    what="the model's answer",
    role="of the group scoring_clients",
    scope="https://ml.azure.com/.default",
)
# Names one deployment; without it the endpoint's traffic decides.
_DEPLOYMENT: Final = "azureml-model-deployment"


def score(caller: Caller, uri: str, question: Any, *, deployment: str | None = None) -> Any:
    """Return the model's answer to `question`, both JSON. Raises ClientError.

    deployment: ask this one, whatever share of the traffic it has.
    """
    headers = {_DEPLOYMENT: deployment} if deployment else None
    return call(caller, "POST", uri, _PURPOSE, body=question, headers=headers)
