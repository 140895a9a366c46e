"""How an environment file names models, environments and code, and what Azure Resource Manager wants to hear."""

import re
from typing import Literal

import pulumi

Kind = Literal["models", "environments", "codes"]

_IN_REGISTRY = re.compile(r"azureml://registries/[^/]+/(?P<kind>\w+)/[^/]+/versions/[^/]+")
_RESOURCE_ID = re.compile(r"/subscriptions/.+/(?P<kind>\w+)/[^/]+/versions/[^/]+", re.IGNORECASE)
# The short form of the command line; Azure Resource Manager does not know it.
_IN_WORKSPACE = re.compile(r"azureml:(?P<name>[^/:@]+):(?P<version>[^/:@]+)")


class AssetReferenceError(pulumi.RunError):
    """A model, environment or code of the environment file that is not named so that Azure finds it.

    text: what the file says; kind: what it is meant to be.
    """

    def __init__(self, *, text: str, kind: Kind) -> None:
        self.text = text
        self.kind: Kind = kind
        super().__init__(
            f"ml_workspace.deployment names {text!r} where one of the {kind} should be: write"
            f" azureml://registries/REGISTRY/{kind}/NAME/versions/VERSION, or azureml:NAME:VERSION of this workspace"
        )


def asset_id(text: str, *, kind: Kind, workspace_id: pulumi.Output[str]) -> pulumi.Input[str]:
    """Return the id of an asset of a registry as it is, and that of one of this workspace as an ARM id.

    Raises AssetReferenceError where the text is neither, or of another kind.
    """
    own = _IN_WORKSPACE.fullmatch(text)
    if own:
        return pulumi.Output.concat(workspace_id, f"/{kind}/{own['name']}/versions/{own['version']}")
    whole = _IN_REGISTRY.fullmatch(text) or _RESOURCE_ID.fullmatch(text)
    if whole is None or whole["kind"] != kind:
        raise AssetReferenceError(text=text, kind=kind)
    return text
