"""Three small stacks on two clouds and Entra: `ground`, `network`, and `app` above both."""

import shutil
from pathlib import Path
from typing import Final

from tests.sandbox.platform_copy import PlatformCopy
from tests.scenarios.small_sources import stack_files

CONTRACTS: Final = '''"""Contracts of the three stacks."""

import dataclasses

from pulumi import Output
from shared.contracts import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroundOutputs(StackOutputs, stack="ground"):
    """What ground publishes."""

    group: Output[str] = output("The resource group.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkOutputs(StackOutputs, stack="network"):
    """What network publishes."""

    subnet: Output[str] = output("The subnet.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppOutputs(StackOutputs, stack="app"):
    """What app publishes."""

    client: Output[str] = output("The client id.")
'''

GROUND: Final = '''"""Whom everything belongs to."""

import pulumi_azure_native as az
from sample_contracts import GroundOutputs
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment) -> GroundOutputs:
    group = az.resources.ResourceGroup(
        "group", resource_group_name="rg-killed", location=env.azure.location, tags=tags(env, "ground")
    )
    for name in ("one", "two"):
        az.managedidentity.UserAssignedIdentity(
            name,
            resource_name_=f"id-{name}",
            resource_group_name=group.name,
            location=env.azure.location,
            tags={**tags(env, "ground"), "variant": "{variant}"},
        )
    return GroundOutputs(group=group.name)
'''

NETWORK: Final = '''"""A network on AWS, whose ids AWS makes up."""

import pulumi_aws as aws
from sample_contracts import GroundOutputs, NetworkOutputs
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment, ground: GroundOutputs) -> NetworkOutputs:
    named = {**tags(env, "network"), "Name": "killed"}
    network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", tags=named)
    subnet = aws.ec2.Subnet("subnet", vpc_id=network.id, cidr_block="10.0.{variant}.0/24", tags=named)
    table = aws.ec2.RouteTable("table", vpc_id=network.id, tags=named)
    aws.ec2.RouteTableAssociation("association", subnet_id=subnet.id, route_table_id=table.id)
    aws.cloudwatch.LogGroup("logs", name="logs-{variant}", retention_in_days=30, tags={"group": ground.group})
    return NetworkOutputs(subnet=subnet.id)
'''

APP: Final = '''"""Who applications are."""

import pulumi
import pulumi_azuread as azuread
import pulumi_azure_native as az
from sample_contracts import AppOutputs, GroundOutputs, NetworkOutputs
from shared.components.azure_role import READER
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment, ground: GroundOutputs, network: NetworkOutputs) -> AppOutputs:
    application = azuread.Application("application", display_name="app-killed", prevent_duplicate_names=True)
    principal = azuread.ServicePrincipal("principal", client_id=application.client_id)
    workspace = az.operationalinsights.Workspace(
        "workspace",
        workspace_name="log-killed-{variant}",
        resource_group_name=ground.group,
        location=env.azure.location,
        tags={**tags(env, "app"), "subnet": network.subnet},
    )
    az.authorization.RoleAssignment(
        "reads",
        role_assignment_name="6f0d7c1e-0000-4000-8000-0000000000a1",
        scope=workspace.id,
        role_definition_id=READER.definition_id(env),
        principal_id=principal.object_id,
        principal_type="ServicePrincipal",
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )
    return AppOutputs(client=application.client_id)
'''

LOST: Final = "logs-0,logs-1,log-killed-0,log-killed-1"
"""Names of what a change of variant replaces or deletes with what it holds."""

_PROGRAMS: Final = {"ground": GROUND, "network": NETWORK, "app": APP}


def killed_platform(folder: Path) -> PlatformCopy:
    """Return a copy of the repository in which the three stacks stand in place of the five, in variant 0."""
    platform = PlatformCopy.make(folder)
    shutil.rmtree(platform.root / "stacks")
    write_variant(platform, 0)
    return platform


def write_variant(platform: PlatformCopy, variant: int) -> None:
    """Write the programs so that they ask for variant 0 or 1.

    From one to the other, something is updated, something made anew before and after the old one is deleted, and
    something created and something deleted.
    """
    files = {"sample_contracts.py": CONTRACTS, "stacks/__init__.py": ""}
    for name, program in _PROGRAMS.items():
        files |= stack_files(name, program.replace("{variant}", str(variant)))
    for path, text in files.items():
        (platform.root / path).parent.mkdir(parents=True, exist_ok=True)
        (platform.root / path).write_text(text, encoding="utf-8")


def elsewhere(platform: PlatformCopy, folder: Path) -> PlatformCopy:
    """Return another checkout with the same sources and empty work folders, which shares only backend and clouds."""
    folder.mkdir()
    root, state = folder / "repository", folder / "state"
    shutil.copytree(platform.root, root, ignore=shutil.ignore_patterns("__pycache__"))
    state.mkdir()
    for shared in ("state", "inventory.sqlite", "passphrase", "plan-set-key"):
        if (platform.state / shared).exists():
            (state / shared).symlink_to(platform.state / shared)
    return PlatformCopy(root, state)
