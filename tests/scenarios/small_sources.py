"""Four small stacks in a diamond: `ground`, above it `logs` (Azure) and `data` (AWS), and above all of them `app`."""

import shutil
from pathlib import Path
from typing import Final

from tests.sandbox.platform_copy import PlatformCopy

CONTRACTS: Final = '''"""Contracts of the small stacks."""

import dataclasses
from collections.abc import Mapping

from pulumi import Output
from shared.contracts import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroundOutputs(StackOutputs, stack="ground"):
    """What ground publishes."""

    group: Output[str] = output("The resource group.")
    worker: Output[str] = output("Object id of the identity that does the work.")
    label: Output[str] = output("A word for tags.")
    suffix: Output[str] = output("The end of names.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class LogsOutputs(StackOutputs, stack="logs"):
    """What logs publishes."""

    workspace: Output[str] = output("ARM id of the log workspace.")
    remark: Output[str | None] = output("A remark, where there is one.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DataOutputs(StackOutputs, stack="data"):
    """What data publishes."""

    buckets: Mapping[str, Output[str]] = output("ARNs of buckets.")
    jobs: Output[str] = output("Name of the jobs' log group.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppOutputs(StackOutputs, stack="app"):
    """What app publishes."""

    store: Output[str] = output("Name of the configuration store.")
'''

GROUND: Final = '''"""Whom everything belongs to."""

import pulumi
import pulumi_azure_native as az
from sample_contracts import GroundOutputs
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment) -> GroundOutputs:
    group = az.resources.ResourceGroup(
        "group", resource_group_name="rg-chain", location=env.azure.location, tags=tags(env, "ground")
    )
    worker = az.managedidentity.UserAssignedIdentity(
        "worker",
        resource_name_="id-worker",
        resource_group_name=group.name,
        location=env.azure.location,
        tags=tags(env, "ground"),
    )
    return GroundOutputs(
        group=group.name,
        worker=worker.principal_id,
        label=pulumi.Output.from_input("first"),
        suffix=pulumi.Output.from_input("one"),
    )
'''

LOGS: Final = '''"""Where logs go, and who may read them."""

import pulumi
import pulumi_azure_native as az
from sample_contracts import GroundOutputs, LogsOutputs
from shared.components.azure_role import READER
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment, ground: GroundOutputs) -> LogsOutputs:
    workspace = az.operationalinsights.Workspace(
        "workspace",
        workspace_name=ground.suffix.apply(lambda suffix: f"log-chain-{suffix}"),
        resource_group_name=ground.group,
        location=env.azure.location,
        retention_in_days=30,
        tags=tags(env, "logs"),
    )
    az.authorization.RoleAssignment(
        "worker-reads",
        role_assignment_name="6f0d7c1e-0000-4000-8000-0000000000a1",
        scope=workspace.id,
        role_definition_id=READER.definition_id(env),
        principal_id=ground.worker,
        principal_type="ServicePrincipal",
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )
    return LogsOutputs(workspace=workspace.id, remark=pulumi.Output.from_input(None))
'''

DATA: Final = '''"""Buckets, and the logs of the jobs that fill them."""

import pulumi
import pulumi_aws as aws
from sample_contracts import DataOutputs, GroundOutputs
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment, ground: GroundOutputs) -> DataOutputs:
    raw = aws.s3.Bucket(
        "raw",
        bucket=ground.suffix.apply(lambda suffix: f"chain-raw-{suffix}"),
        tags={**tags(env, "data"), "label": ground.label},
    )
    jobs = aws.cloudwatch.LogGroup("jobs", name="/chain/jobs", retention_in_days=30, tags=tags(env, "data"))
    if env.protection.defender:
        aws.s3.BucketPublicAccessBlock("guard", bucket=raw.bucket, block_public_acls=True)
    return DataOutputs(buckets={"raw": raw.arn}, jobs=jobs.name)
'''

APP: Final = '''"""What applications read."""

import pulumi
import pulumi_azure_native as az
from sample_contracts import AppOutputs, DataOutputs, GroundOutputs, LogsOutputs
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment, ground: GroundOutputs, logs: LogsOutputs, data: DataOutputs) -> AppOutputs:
    store = az.appconfiguration.ConfigurationStore(
        "store",
        config_store_name="appcs-chain",
        resource_group_name=ground.group,
        location=env.azure.location,
        sku={"name": "standard"},
        tags=tags(env, "app"),
    )

    def write(key: str, value: pulumi.Input[str], parent: pulumi.Resource | None = None) -> None:
        az.appconfiguration.KeyValue(
            key,
            key_value_name=key,
            config_store_name=store.name,
            resource_group_name=ground.group,
            value=value,
            opts=pulumi.ResourceOptions(parent=parent),
        )

    write("workspace", logs.workspace)
    write("remark", logs.remark.apply(lambda remark: remark or "none"))
    write("raw", data.buckets["raw"])
    write("jobs", data.jobs)
    return AppOutputs(store=store.name)
'''

AUDIT: Final = '''"""Who did what."""

import pulumi_aws as aws
from sample_contracts import AuditOutputs, LogsOutputs
from shared.environment import Environment


def program(env: Environment, logs: LogsOutputs) -> AuditOutputs:
    trail = aws.cloudwatch.LogGroup("trail", name="/chain/trail", tags={"workspace": logs.workspace})
    return AuditOutputs(trail=trail.arn)
'''

_MAIN: Final = '''"""Runs this stack's program."""

from shared.stack_program import run
from stacks.{name}.program import program

run(program)
'''


def stack_files(name: str, program: str) -> dict[str, str]:
    """Return the files of a stack, by their paths in the repository."""
    return {
        f"stacks/{name}/__init__.py": "",
        f"stacks/{name}/program.py": program,
        f"stacks/{name}/__main__.py": _MAIN.format(name=name),
        f"stacks/{name}/Pulumi.yaml": f"name: {name}\nruntime: python\n",
    }


def small_chain(folder: Path) -> PlatformCopy:
    """Return a copy of the repository in which the small stacks stand in place of the five."""
    platform = PlatformCopy.make(folder)
    shutil.rmtree(platform.root / "stacks")
    files = {"sample_contracts.py": CONTRACTS, "stacks/__init__.py": ""}
    for name, program in (("ground", GROUND), ("logs", LOGS), ("data", DATA), ("app", APP)):
        files |= stack_files(name, program)
    for path, text in files.items():
        (platform.root / path).parent.mkdir(parents=True, exist_ok=True)
        (platform.root / path).write_text(text, encoding="utf-8")
    return platform
