"""Who exists: principals of the platform, and the logins that deploy it. Nobody has a password or a key."""

from pulumi import Output

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from stacks.identity.ai_application import ai_application
from stacks.identity.aws_logins import aws_logins
from stacks.identity.azure_logins import azure_logins, grant_logins
from stacks.identity.grantable import delegations
from stacks.identity.graph_permissions import grant_graph_permissions
from stacks.identity.own_roles import define_own_roles
from stacks.identity.policies import assign_policies
from stacks.identity.principals import groups, managed_identities, resource_group


def program(env: Environment) -> IdentityOutputs:
    """Principals of the platform on Azure, Entra and AWS."""
    group = resource_group(env)
    assign_policies(env, group)
    identities = managed_identities(env, group)
    principals = {name: one.principal_id for name, one in identities.items()}

    logins = azure_logins(env)
    owners = [logins.identity.principal_id]
    people = groups(env, owners)
    members = {name: one.object_id for name, one in people.items()}

    grant_logins(
        env,
        group,
        logins,
        delegations=delegations(env, identities=principals, groups=members),
        own_roles=define_own_roles(env),
    )
    grant_graph_permissions(logins)
    application, application_principal = ai_application(env, owners, holders={**principals, **members})

    aws = aws_logins(env)

    return IdentityOutputs(
        tenant_id=Output.from_input(str(env.azure.tenant_id)),
        resource_group_name=group.name,
        resource_group_id=group.id,
        managed_identity_id=identities["compute"].id,
        identity_ids={name: one.id for name, one in identities.items()},
        identity_client_ids={name: one.client_id for name, one in identities.items()},
        principals=principals,
        groups=members,
        app_client_id=application.client_id,
        app_object_id=application.object_id,
        app_service_principal=application_principal.object_id,
        github_client_ids={role: login.client_id for role, login in logins.by_role.items()},
        aws_role_arns=aws.role_arns,
        aws_permissions_boundary_arn=aws.boundary_arn,
    )
