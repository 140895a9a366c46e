"""Stacks whose engine is killed in the middle of one operation, and what becomes of them when that is resolved.

Runs in a process of its own, since it imports the SDKs and runs programs inline: `main` takes a folder, and prints what
happened in each scenario as JSON.
"""

import dataclasses
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

import pulumi
import pulumi.automation as auto
import pulumi_aws as aws
import pulumi_azure_native as az

from shared.engine import Engine, find_engine
from shared.environment import Environment, load
from shared.environment.loading import REPOSITORY
from shared.orchestration.backend import states
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.planned_outputs import resources_of
from shared.orchestration.session import Session, sandbox_session
from shared.pending_operations.resolving import resolve
from shared.sandbox.inventory import Inventory
from tests.sandbox.faults_file import write_faults


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a program asks for."""

    location: str = "westeurope"
    retention: int = 30
    block: str = "10.0.0.0/16"
    something: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scenario:
    """One stack. before: deployed first; wanted: what the engine was killed at, None for a destruction."""

    name: str
    operation: Literal["create", "update", "delete"]
    type: str
    result: str
    when: Literal["before", "after"] = "after"
    before: Wanted | None = None
    wanted: Wanted | None = dataclasses.field(default_factory=Wanted)


_IDENTITY: Final = "azure-native:managedidentity:UserAssignedIdentity"
_GROUP: Final = "azure-native:resources:ResourceGroup"
_LOGS: Final = "aws:cloudwatch/logGroup:LogGroup"
_VPC: Final = "aws:ec2/vpc:Vpc"
_SUBNET: Final = "aws:ec2/subnet:Subnet"
_MOVED: Final = Wanted(location="northeurope")
_WIDER: Final = Wanted(block="10.1.0.0/16")
_LONGER: Final = Wanted(retention=60)
_NOTHING: Final = Wanted(something=False)

SCENARIOS: Final = (
    Scenario(name="create-by-name", operation="create", type=_IDENTITY, result="adopted"),
    Scenario(name="create-not", operation="create", type=_IDENTITY, result="absent", when="before"),
    Scenario(name="create-by-tags", operation="create", type=_VPC, result="adopted"),
    Scenario(name="create-by-parent", operation="create", type=_SUBNET, result="adopted"),
    Scenario(name="update", operation="update", type=_LOGS, result="read again", before=Wanted(), wanted=_LONGER),
    Scenario(
        name="update-not",
        operation="update",
        type=_LOGS,
        result="read again",
        when="before",
        before=Wanted(),
        wanted=_LONGER,
    ),
    Scenario(name="delete", operation="delete", type=_LOGS, result="gone", before=Wanted(), wanted=_NOTHING),
    Scenario(
        name="delete-not",
        operation="delete",
        type=_LOGS,
        result="to delete again",
        when="before",
        before=Wanted(),
        wanted=_NOTHING,
    ),
    Scenario(name="made-anew", operation="create", type=_IDENTITY, result="adopted", before=Wanted(), wanted=_MOVED),
    Scenario(name="first-deleted", operation="delete", type=_GROUP, result="gone", before=Wanted(), wanted=_MOVED),
    Scenario(name="replaced", operation="create", type=_VPC, result="adopted", before=Wanted(), wanted=_WIDER),
    Scenario(name="then-deleted", operation="delete", type=_VPC, result="gone", before=Wanted(), wanted=_WIDER),
    Scenario(name="destroyed", operation="delete", type=_GROUP, result="gone", before=Wanted(), wanted=None),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Clouds:
    """A place whose clouds are up."""

    environment: Environment
    session: Session
    engine: Engine

    def stack(self, scenario: Scenario) -> "OneStack":
        return OneStack(self, scenario)

    def inventory(self) -> list[tuple[str, str]]:
        inventory = Inventory(self.session.inventory or Path())
        try:
            return sorted((one.token, one.id.lower()) for one in inventory.all())
        finally:
            inventory.close()

    def state(self) -> list[tuple[str, str]]:
        return sorted(
            (str(one["type"]), str(one["id"]).lower())
            for checkpoint in states(self.session).values()
            for one in resources_of(checkpoint)
            if one["custom"] and not str(one["type"]).startswith("pulumi:")
        )


class OneStack:
    """The stack of a scenario."""

    def __init__(self, clouds: Clouds, scenario: Scenario) -> None:
        self._clouds = clouds
        self._scenario = scenario
        self._wanted = Wanted()
        work = clouds.session.work / scenario.name
        work.mkdir(parents=True)
        workspace = auto.LocalWorkspace(
            work_dir=str(work),
            program=self._program,
            pulumi_command=EngineCommand(clouds.engine.path, clouds.engine.version),
            project_settings=auto.ProjectSettings(name=scenario.name, runtime="python"),
            env_vars=dict(clouds.session.variables),
        )
        self._stack = auto.Stack.create(clouds.environment.name, workspace)

    def told(self) -> dict[str, Any]:
        """Return what happens when the engine is killed, the operation is resolved, and the same is done again."""
        scenario = self._scenario
        if scenario.before:
            self._up(scenario.before)
        state = self._clouds.session.work.parent
        rule = {"operation": scenario.operation, "type": scenario.type, "stack": scenario.name}
        write_faults(state, {**rule, "when": scenario.when, "kill": "engine"})
        with suppress(auto.CommandError):
            self._again()
        write_faults(state)
        for lock in (state / "state" / ".pulumi" / "locks").rglob("*.json"):
            lock.unlink()
        resolved = resolve(self._clouds, [scenario.name])
        again = self._again()
        left = self._clouds.state()
        return {
            "resolved": [[one.operation, one.urn.split("::")[2], one.result] for one in resolved],
            "again": again,
            "orphans": [one for one in self._clouds.inventory() if one not in left],
            "ghosts": [one for one in left if one not in self._clouds.inventory()],
            "twins": len(left) - len(set(left)),
            "backups": len(list((state / "state" / ".pulumi" / "backups" / scenario.name).rglob("*.json"))),
            "next": self._preview() if scenario.wanted else [],
        }

    def _again(self) -> list[str]:
        return self._up(self._scenario.wanted) if self._scenario.wanted else self._destroy()

    def _up(self, wanted: Wanted) -> list[str]:
        self._wanted = wanted
        steps: list[str] = []
        self._stack.up(on_event=lambda event: steps.extend(_steps(event)))
        return steps

    def _preview(self) -> list[str]:
        steps: list[str] = []
        self._stack.preview(on_event=lambda event: steps.extend(_steps(event)))
        return steps

    def _destroy(self) -> list[str]:
        steps: list[str] = []
        self._stack.destroy(on_event=lambda event: steps.extend(_steps(event)))
        return steps

    def _program(self) -> None:
        environment, wanted, name = self._clouds.environment, self._wanted, self._scenario.name
        azure = az.Provider(
            "azure",
            subscription_id=str(environment.azure.subscription_id),
            tenant_id=str(environment.azure.tenant_id),
            location=wanted.location,
        )
        amazon = aws.Provider(
            "amazon",
            region="eu-west-1",
            allowed_account_ids=[str(environment.aws.account_id)],
            skip_credentials_validation=True,
            skip_region_validation=True,
        )
        if not wanted.something:
            return
        in_azure, in_amazon = pulumi.ResourceOptions(provider=azure), pulumi.ResourceOptions(provider=amazon)
        tags = {"platform": "test", "stack": name, "Name": name}
        group = az.resources.ResourceGroup(
            "group", resource_group_name=f"rg-{name}", location=wanted.location, tags=tags, opts=in_azure
        )
        az.managedidentity.UserAssignedIdentity(
            "identity",
            resource_group_name=group.name,
            resource_name_=f"id-{name}",
            location=wanted.location,
            opts=in_azure,
        )
        aws.cloudwatch.LogGroup("logs", name=f"/{name}", retention_in_days=wanted.retention, opts=in_amazon)
        network = aws.ec2.Vpc("network", cidr_block=wanted.block, tags=tags, opts=in_amazon)
        aws.ec2.Subnet("subnet", vpc_id=network.id, cidr_block=wanted.block, tags=tags, opts=in_amazon)


def _steps(event: auto.EngineEvent) -> Iterator[str]:
    if event.resource_pre_event:
        step = event.resource_pre_event.metadata
        if auto.OpType(step.op) is not auto.OpType.SAME and not step.type.startswith("pulumi:"):
            yield f"{auto.OpType(step.op).value} {step.urn.rpartition('::')[2]}"


def main() -> None:
    """Play all scenarios in the folder that is named as the only argument."""
    environment = load("sandbox", REPOSITORY)
    with sandbox_session(environment, REPOSITORY, Path(sys.argv[1])) as session:
        clouds = Clouds(environment=environment, session=session, engine=find_engine(lambda _: None))
        told = {one.name: clouds.stack(one).told() for one in SCENARIOS}
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
