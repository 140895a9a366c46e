"""What the five programs grant in one environment, read from what they register."""

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator, Mapping

from shared.components import azure_role
from shared.components.azure_role import AzureRole
from shared.components.github_subject import subject
from shared.environment import Environment, load
from shared.naming import Names
from shared.permissions.aws_policy import PolicyStatement, statements_of
from shared.permissions.azure_roles import RoleDefinition, custom_role
from shared.permissions.graph_permissions import BY_ID
from shared.permissions.width import FoundRole
from stacks.sagemaker.images import repository_arn
from tests.unit.sample_environments import ACCOUNT, changed, sandbox
from tests.unit.stack_mocks import Registered, Run, run_program
from tests.unit.test_stacks_in_every_environment import PROGRAMS

# Types of resources whose policy says who may do what, and the input that holds it.
POLICIES = {
    "aws:iam/rolePolicy:RolePolicy": ("policy", "role"),
    "aws:iam/policy:Policy": ("policy", "policy"),
    "aws:iam/role:Role": ("assumeRolePolicy", "trust of"),
    "aws:kms/key:Key": ("policy", "key"),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy", "bucket"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("policy", "endpoint"),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProgramGrants:
    """The programs of one environment, and what they grant."""

    environment: Environment
    runs: Mapping[str, Run]

    @property
    def resources(self) -> Iterator[Registered]:
        """Yield every resource of all stacks."""
        return (one for run in self.runs.values() for one in run.resources)

    def of_type(self, token: str) -> Iterator[Registered]:
        """Yield the resources of one type."""
        return (one for one in self.resources if one.type == token)

    @property
    def roles(self) -> list[FoundRole]:
        """Return every role assignment."""
        return [
            FoundRole(self._principal(str(one.inputs["principalId"])), self._role(one), self._scope(one))
            for one in self.of_type("azure-native:authorization:RoleAssignment")
        ]

    @property
    def conditions(self) -> dict[str, str]:
        """Return the condition of each principal that may grant roles."""
        return {
            self._principal(str(one.inputs["principalId"])): str(one.inputs["condition"])
            for one in self.of_type("azure-native:authorization:RoleAssignment")
            if "condition" in one.inputs
        }

    @property
    def principals(self) -> dict[str, str]:
        """Return the object ids of the identities, groups and logins that the identity stack makes, by name."""
        identities = self.of_type("azure-native:managedidentity:UserAssignedIdentity")
        return {
            **{one.name: f"{one.inputs['resourceName']}/principal" for one in identities},
            **{one.name: f"{one.name}/object" for one in self.of_type("azuread:index/group:Group")},
            **{
                one.name: f"{one.name}/principal"
                for one in self.of_type("azuread:index/servicePrincipal:ServicePrincipal")
            },
        }

    @property
    def app_roles(self) -> set[tuple[str, str]]:
        """Return every app role that is assigned: to whom, and whose role it is."""
        names = {principal: name for name, principal in self.principals.items()}
        ours = {
            role["id"]: f"{one.name} {role['value']}"
            for one in self.of_type("azuread:index/application:Application")
            for role in one.inputs.get("appRoles", ())
        }
        return {
            (
                names[one.inputs["principalObjectId"]],
                ours.get(one.inputs["appRoleId"]) or f"Graph {BY_ID[one.inputs['appRoleId']]}",
            )
            for one in self.of_type("azuread:index/appRoleAssignment:AppRoleAssignment")
        }

    @property
    def own_roles(self) -> dict[str, RoleDefinition]:
        """Return the roles that the programs define, by logical name."""
        return {one.name: custom_role(one.inputs) for one in self.of_type("azure-native:authorization:RoleDefinition")}

    @property
    def policies(self) -> dict[str, tuple[PolicyStatement, ...]]:
        """Return every policy on AWS, by kind and logical name, as its review writes it."""
        return {
            f"{kind} {one.name}": statements_of(self._for_all_environments(one.inputs[key]))
            for token, (key, kind) in POLICIES.items()
            for one in self.of_type(token)
            if key in one.inputs
        }

    def _for_all_environments(self, text: str) -> str:
        environment, github = self.environment, self.environment.github
        names = f"{environment.platform}-{environment.name}-{Names(environment).suffix}"
        made_up = f"arn:aws:simulated:eu-west-1:{ACCOUNT}:openidconnectprovider-"
        providers = f"arn:aws:iam::{environment.aws.account_id}:oidc-provider"
        replaced = {
            names: "{ours}",
            repository_arn(environment.sagemaker.training_image): "{image}",
            f"{made_up}github": "{GitHub}",
            f"{providers}/token.actions.githubusercontent.com": "{GitHub}",
            f"{providers}/login.microsoftonline.com/tenant_id/v2.0": "{Entra}",
            f"{providers}/login.microsoftonline.com/{environment.azure.tenant_id}/v2.0": "{Entra}",
            f"{made_up}entra": "{Entra}",
            f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/key-key": "{key}",
            subject(environment, "deploy").partition(":environment:")[0]: "{github}",
            f"{github.organization}/{github.repository}": "{repository}",
            f'"{github.repository_id}"': '"{repository_id}"',
            f'"{environment.name}"': '"{environment}"',
            f'"{environment.platform}"': '"{platform}"',
            f":environment:{environment.name}": ":environment:{environment}",
            str(environment.aws.account_id): "{account}",
            environment.aws.region: "{region}",
        }
        for one, other in replaced.items():
            text = text.replace(one, other)
        return re.sub(r"subnet-private-[a-c]", "subnet-private", text)

    @property
    def role_guids(self) -> dict[str, str]:
        """Return the GUIDs of roles by name: built-in ones that anything may use, Owner, and our own."""
        built_in = {one.name: one.guid for one in vars(azure_role).values() if isinstance(one, AzureRole)}
        own = {
            one.name: str(one.inputs["roleDefinitionId"])
            for one in self.of_type("azure-native:authorization:RoleDefinition")
        }
        return {"owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", **built_in, **own}

    def _role(self, assignment: Registered) -> str:
        guid = assignment.inputs["roleDefinitionId"].rpartition("/")[2]
        return next(name for name, one in self.role_guids.items() if one == guid)

    def _principal(self, principal_id: str) -> str:
        """Return the name of an identity, a group or a login."""
        kind, _, name = principal_id.partition("/")
        if kind in ("principals", "groups"):
            return name.replace("_", "-")
        identities = self.of_type("azure-native:managedidentity:UserAssignedIdentity")
        made = {one.inputs["resourceName"]: one.name for one in identities}
        return made.get(kind, kind)

    def _scope(self, assignment: Registered) -> str:
        """Return the type and the logical name of a scope, or its field where another stack publishes it."""
        *_, provider, name = assignment.inputs["scope"].split("/")
        if provider == "subscriptions":
            return "subscription"
        if provider == "Mock":
            return name
        (made,) = (one for one in self.of_type(provider) if name in one.inputs.values())
        return f"{provider.removeprefix('azure-native:')} {made.name}"


def _with_account(name: str) -> Environment:
    loaded = load(name)
    return changed(loaded, aws__account_id=loaded.aws.account_id or ACCOUNT)


# Every environment, and the choices that grants depend on made the other way, several in one.
ENVIRONMENTS: Mapping[str, Callable[[], Environment]] = {
    **{name: functools.partial(_with_account, name) for name in ("dev", "staging", "prod", "sandbox")},
    "no VPC": functools.partial(sandbox, sagemaker__network=None, protection__locks=True, aws__create_log_groups=False),
    "no managed network": functools.partial(
        sandbox,
        ml_workspace__isolation_mode="Disabled",
        sagemaker__start_on_new_data=False,
        github__subject_style="classic",
        github__repository_id=None,
        aws__create_log_groups=False,
    ),
    "no key": functools.partial(
        sandbox,
        key_vault__customer_managed_key=False,
        key_vault__hardware_keys=False,
        logs__flow_logs=False,
        aws__create_github_provider=False,
        aws__create_entra_provider=False,
    ),
}


@functools.cache
def program_grants(name: str) -> ProgramGrants:
    """Run the programs of one of ENVIRONMENTS against mocks."""
    environment = ENVIRONMENTS[name]()
    secrets = dict.fromkeys(environment.key_vault.secrets, "value")
    runs = {
        program.__module__.split(".")[1]: run_program(program, environment, *contracts, secrets=secrets)
        for program, contracts in PROGRAMS.items()
    }
    return ProgramGrants(environment=environment, runs=runs)
