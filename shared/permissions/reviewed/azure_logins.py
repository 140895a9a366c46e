"""What the logins of GitHub Actions may do on Azure, the roles that we define, and what is granted in Entra."""

from typing import Final

from shared.permissions import graph_permissions as graph
from shared.permissions.reviewed.model import ReviewedAppRole, ReviewedOwnRole, ReviewedRole

_GROUP: Final = "resources:ResourceGroup main"

AZURE_LOGINS: Final = (
    ReviewedRole(
        to="gha-preview",
        role="reader",
        on=_GROUP,
        needed_by=("azure-native:resources:ResourceGroup",),
        why="compares what exists with what the programs say; reads no data and no key",
    ),
    ReviewedRole(
        to="gha-deploy",
        role="contributor",
        on=_GROUP,
        needed_by=("azure-native:storage:StorageAccount", "azure-native:machinelearningservices:Workspace"),
        why="makes every resource of four stacks; grants nothing",
    ),
    ReviewedRole(
        to="gha-deploy",
        role="configuration-data-owner",
        on=_GROUP,
        needed_by=("azure-native:appconfiguration:KeyValue",),
        why="the store has no keys, so values are written as the login",
    ),
    ReviewedRole(
        to="gha-deploy",
        role="rbac-administrator",
        on=_GROUP,
        needed_by=("azure-native:authorization:RoleAssignment",),
        why="grants the later stacks' roles; its condition names each role and whom it may be granted to",
    ),
    ReviewedRole(
        to="gha-deploy",
        role="lock-keeper",
        on=_GROUP,
        needed_by=("azure-native:authorization:ManagementLockByScope",),
        why="locks the vault of the customer-managed key, which Contributor may not",
        when=("locks",),
    ),
    ReviewedRole(
        to="gha-deploy",
        role="defender-scanner-operator",
        on=_GROUP,
        needed_by=("azure-native:security:DefenderForStorage",),
        why="switching scanners on gives them roles in the caller's name; its own condition names those roles",
        when=("Defender",),
    ),
    ReviewedRole(
        to="gha-deploy",
        role="flow-log-keeper",
        on="subscription",
        needed_by=("azure-native:network:FlowLog",),
        why="flow logs lie in a group that Azure makes with the first network",
        when=("flow logs",),
    ),
    ReviewedRole(
        to="gha-identity",
        role="platform-deployer",
        on=_GROUP,
        needed_by=(
            "azure-native:resources:ResourceGroup",
            "azure-native:managedidentity:UserAssignedIdentity",
            "azure-native:authorization:PolicyAssignment",
        ),
        why="makes the identities, the policies and the group's tags",
    ),
    ReviewedRole(
        to="gha-identity",
        role="rbac-administrator",
        on=_GROUP,
        needed_by=("azure-native:authorization:RoleAssignment",),
        why="grants the logins' roles to preview and deploy; its condition names them, and not itself",
    ),
)


def _changing(*types: str) -> tuple[str, ...]:
    return tuple(f"{one}/{verb}" for one in types for verb in ("read", "write", "delete"))


OWN_ROLES: Final = (
    ReviewedOwnRole(
        name="endpoint-scorer",
        actions=("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",),
        why="calls online endpoints, nothing else: every built-in role that may, may more",
    ),
    ReviewedOwnRole(
        name="platform-deployer",
        actions=_changing(
            "Microsoft.Authorization/policyAssignments",
            "Microsoft.Authorization/roleDefinitions",
            "Microsoft.ManagedIdentity/userAssignedIdentities",
            "Microsoft.Resources/subscriptions/resourceGroups",
        ),
        why="deploys `identity` without Owner, and grants nothing",
    ),
    ReviewedOwnRole(
        name="flow-log-keeper",
        actions=_changing("Microsoft.Network/networkWatchers/flowLogs"),
        why="changes flow logs in the subscription, and nothing else there",
        when=("flow logs",),
    ),
    ReviewedOwnRole(
        name="lock-keeper",
        actions=_changing("Microsoft.Authorization/locks"),
        why="sets locks without Owner",
        when=("locks",),
    ),
)

_APPLICATION: Final = (graph.APPLICATION,)
APP_ROLES: Final = (
    ReviewedAppRole(
        to="gha-preview",
        permission=f"Graph {graph.READ_APPLICATIONS}",
        needed_by=_APPLICATION,
        why="compares what exists with what the programs say",
    ),
    ReviewedAppRole(
        to="gha-preview",
        permission=f"Graph {graph.READ_GROUPS}",
        needed_by=(graph.GROUP,),
        why="compares what exists with what the programs say",
    ),
    ReviewedAppRole(
        to="gha-identity",
        permission=f"Graph {graph.OWNED}",
        needed_by=(*_APPLICATION, graph.PRINCIPAL),
        why="changes the applications that it owns: all of ours but its own",
    ),
    ReviewedAppRole(
        to="gha-identity",
        permission=f"Graph {graph.READ_APPLICATIONS}",
        needed_by=(*_APPLICATION, graph.GROUP),
        why="finds names that are taken, and owners",
    ),
    ReviewedAppRole(
        to="gha-identity", permission=f"Graph {graph.CREATE_GROUPS}", needed_by=(graph.GROUP,), why="makes the groups"
    ),
    ReviewedAppRole(
        to="gha-identity",
        permission=f"Graph {graph.READ_GROUPS}",
        needed_by=(graph.GROUP,),
        why="finds names that are taken",
    ),
    ReviewedAppRole(
        to="compute",
        permission="ai-system Model.Read",
        needed_by=("aws:iam/openIdConnectProvider:OpenIdConnectProvider",),
        why="Entra gives it the token that AWS trusts",
    ),
    ReviewedAppRole(
        to="scoring-clients", permission="ai-system Model.Score", needed_by=(graph.GROUP,), why="ask for predictions"
    ),
    ReviewedAppRole(
        to="ml-admins", permission="ai-system Config.Write", needed_by=(graph.GROUP,), why="change the configuration"
    ),
)
