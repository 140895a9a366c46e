"""Who gets at endpoints and nodes of Azure Machine Learning: identities of Entra, and nobody by SSH.

Checkov knows the workspace and local logins of clusters, not these. Values: the descriptions of EndpointAuthMode and
RemoteLoginPortPublicAccess in the SDK.
"""

from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule


def _keys(resource: Resource, _: Estate) -> str:
    mode = at(resource.inputs, "properties.authMode")
    return "" if mode == "AADToken" else f"whoever has a key or token of the workspace's calls it (authMode {mode})"


def _log_in(resource: Resource, _: Estate) -> str:
    kind = at(resource.inputs, "properties.computeType")
    if kind == "AmlCompute":
        port = at(resource.inputs, "properties.properties.remoteLoginPortPublicAccess")
        # Left out, the port is open where no network of ours is given.
        return "" if port == "Disabled" else "the nodes' port for SSH may be open to the internet"
    if kind == "ComputeInstance":
        access = at(resource.inputs, "properties.properties.sshSettings.sshPublicAccess")
        return "" if access in (None, "Disabled") else "the node's port for SSH is open to the internet"
    return f"nobody can say who logs in to compute of the kind {kind}"


RULES = (
    Rule(
        id="MLP_AZURE_6",
        title="an online endpoint takes tokens of Entra only",
        types=frozenset({"azure-native:machinelearningservices:OnlineEndpoint"}),
        problem=_keys,
        fix='auth_mode="AADToken"',
    ),
    Rule(
        id="MLP_AZURE_7",
        title="nobody logs in to compute nodes",
        types=frozenset({"azure-native:machinelearningservices:Compute"}),
        problem=_log_in,
        fix='remote_login_port_public_access="Disabled"',
    ),
)
