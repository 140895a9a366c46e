"""Pull requests on the four small stacks, in the order in which they are made."""

from typing import Final

from tests.scenarios.scenario import RemoveFolder, Replace, Scenario, Write
from tests.scenarios.small_sources import AUDIT, stack_files

GROUND, LOGS, DATA, APP = (f"stacks/{name}/program.py" for name in ("ground", "logs", "data", "app"))
CONTRACTS: Final = "sample_contracts.py"
ENVIRONMENT: Final = "environments/sandbox.yaml"
SECRET, NEXT_SECRET = "planted-secret-3c1", "planted-secret-of-another-length-8d4"

_SUFFIX: Final = '    suffix: Output[str] = output("The end of names.")\n'
_JOBS: Final = (
    '    jobs = aws.cloudwatch.LogGroup("jobs", name="/chain/jobs", retention_in_days=30, tags=tags(env, "data"))\n'
)


def _publishes(line: str) -> Replace:
    return Replace(CONTRACTS, _SUFFIX, f"{_SUFFIX}    {line}\n")


FIRST: Final = (
    Scenario(
        name="first deploy of everything",
        story="Nothing exists; each stack but the first reads from stacks that do not exist yet.",
        edits=[],
        happens={"ground": {"create": 4}, "logs": {"create": 4}, "data": {"create": 5}, "app": {"create": 7}},
    ),
    Scenario(
        name="comments only",
        story="A comment in a program and one in the environment's file.",
        edits=[
            Replace(LOGS, "    workspace = az", "    # The place for logs.\n    workspace = az"),
            Replace(ENVIRONMENT, "logs:\n", "logs: # a word on this\n"),
        ],
        happens={},
    ),
    Scenario(
        name="value change",
        story="Logs are kept for 90 days. What the workspace publishes is not known before it is updated.",
        edits=[Replace(LOGS, "retention_in_days=30", "retention_in_days=90")],
        happens={"logs": {"update": 1}},
    ),
    Scenario(
        name="output-only change",
        story="ground publishes another word and changes no resource; data has it in a tag.",
        edits=[Replace(GROUND, '"first"', '"second"')],
        happens={"data": {"update": 1}},
    ),
    Scenario(
        name="unknown that comes out the same",
        story="The identity gets a tag, so a preview does not know its object id: a role may be made anew.",
        edits=[
            Replace(
                GROUND,
                'location=env.azure.location,\n        tags=tags(env, "ground"),',
                'location=env.azure.location,\n        tags={**tags(env, "ground"), "kind": "worker"},',
            )
        ],
        happens={"ground": {"update": 1}},
    ),
    Scenario(
        name="unknown that comes out different",
        story="The identity is replaced by one of another name, and with it the role that names its object id.",
        edits=[Replace(GROUND, "id-worker", "id-trainer")],
        happens={"ground": {"replace": 1}, "logs": {"replace": 1}},
        confirm=["id-worker"],
    ),
    Scenario(
        name="new output, consumed at once",
        story="ground publishes a region that is known at once, and data has it in a tag.",
        edits=[
            _publishes('region: Output[str] = output("Where it is.")'),
            Replace(GROUND, "        suffix=", "        region=group.location,\n        suffix="),
            Replace(DATA, '"label": ground.label', '"label": ground.label, "region": ground.region'),
        ],
        happens={"data": {"update": 1}},
    ),
    Scenario(
        name="new resource, read by another stack at once",
        story="ground makes a second identity and publishes its object id, and logs grants it a role.",
        edits=[
            _publishes('auditor: Output[str] = output("Object id of who looks.")'),
            Replace(
                GROUND,
                "    return GroundOutputs(\n",
                "    auditor = az.managedidentity.UserAssignedIdentity(\n"
                '        "auditor", resource_name_="id-auditor", resource_group_name=group.name,\n'
                '        location=env.azure.location, tags=tags(env, "ground"),\n    )\n'
                "    return GroundOutputs(\n        auditor=auditor.principal_id,\n",
            ),
            Replace(
                LOGS,
                "    return LogsOutputs(",
                "    az.authorization.RoleAssignment(\n"
                '        "auditor-reads",\n'
                '        role_assignment_name="6f0d7c1e-0000-4000-8000-0000000000a2",\n'
                "        scope=workspace.id,\n"
                "        role_definition_id=READER.definition_id(env),\n"
                "        principal_id=ground.auditor,\n"
                '        principal_type="ServicePrincipal",\n'
                "    )\n"
                "    return LogsOutputs(",
            ),
        ],
        happens={"ground": {"create": 1}, "logs": {"create": 1}},
    ),
    Scenario(
        name="two stacks at once",
        story="Logs are kept for 120 days, those of jobs for 60.",
        edits=[
            Replace(LOGS, "retention_in_days=90", "retention_in_days=120"),
            Replace(DATA, "retention_in_days=30", "retention_in_days=60"),
        ],
        happens={"logs": {"update": 1}, "data": {"update": 1}},
    ),
    Scenario(
        name="diamond",
        story="ground publishes another end of names: logs and data replace what has it, and app reads both.",
        edits=[Replace(GROUND, '"one"', '"two"')],
        happens={"logs": {"replace": 3}, "data": {"replace": 2}, "app": {"update": 2}},
        confirm=["log-chain-one", "chain-raw-one"],
    ),
    Scenario(
        name="a tag everywhere",
        story="The platform gets another owner, whom every resource with tags names.",
        edits=[Replace(ENVIRONMENT, "owner: ml-platform", "owner: ml-people")],
        happens={"ground": {"update": 3}, "logs": {"update": 1}, "data": {"update": 2}, "app": {"update": 1}},
    ),
)

CHANGES: Final = (
    Scenario(
        name="rename",
        story="The jobs' log group has another name in the program and in AWS; the same output publishes it.",
        edits=[Replace(DATA, '"jobs", name="/chain/jobs"', '"runs", name="/chain/runs"')],
        happens={"data": {"create": 1, "delete": 1}, "app": {"update": 1}},
        confirm=["jobs"],
    ),
    Scenario(
        name="rename with an alias",
        story="The log group has another name in the program, which says what it was called before.",
        edits=[
            Replace(
                DATA,
                '"runs", name="/chain/runs"',
                '"job-logs", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="runs")]), name="/chain/runs"',
            )
        ],
        happens={},
    ),
    Scenario(
        name="mapping key added",
        story="data makes a second bucket and publishes it under a new key, and app writes down where it is.",
        edits=[
            Replace(
                DATA,
                '"raw": raw.arn}',
                '"raw": raw.arn, "clean": clean.arn}',
            ),
            Replace(
                DATA,
                "    if env.protection",
                '    clean = aws.s3.Bucket("clean", bucket="chain-clean", tags=tags(env, "data"))\n'
                "    if env.protection",
            ),
            Replace(APP, '    write("jobs"', '    write("clean", data.buckets["clean"])\n    write("jobs"'),
        ],
        happens={"data": {"create": 1}, "app": {"create": 1}},
    ),
    Scenario(
        name="mapping key removed",
        story="The second bucket goes, with its key and with what app wrote down.",
        edits=[
            Replace(DATA, ', "clean": clean.arn}', "}"),
            Replace(DATA, '    clean = aws.s3.Bucket("clean", bucket="chain-clean", tags=tags(env, "data"))\n', ""),
            Replace(APP, '    write("clean", data.buckets["clean"])\n', ""),
        ],
        happens={"data": {"delete": 1}, "app": {"delete": 1}},
        confirm=["chain-clean"],
    ),
    Scenario(
        name="null output becomes a value",
        story="logs publishes a remark where it had none.",
        edits=[Replace(LOGS, "from_input(None)", 'from_input("keep")')],
        happens={"app": {"update": 1}},
    ),
    Scenario(
        name="removed output with its readers",
        story="ground publishes its region no more, and data reads it no more.",
        edits=[
            Replace(CONTRACTS, '    region: Output[str] = output("Where it is.")\n', ""),
            Replace(GROUND, "        region=group.location,\n", ""),
            Replace(DATA, ', "region": ground.region', ""),
        ],
        happens={"data": {"update": 1}},
    ),
    Scenario(
        name="new secret, consumed at once",
        story="ground publishes a secret, and app stores it.",
        edits=[
            _publishes('token: Output[str] = output("What opens doors.", secret=True)'),
            Replace(GROUND, "        suffix=", f'        token=pulumi.Output.secret("{SECRET}"),\n        suffix='),
            Replace(APP, '    write("jobs"', '    write("token", ground.token)\n    write("jobs"'),
        ],
        happens={"app": {"create": 1}},
        planted=[SECRET],
    ),
    Scenario(
        name="secret change",
        story="The secret is another one.",
        edits=[Replace(GROUND, SECRET, NEXT_SECRET)],
        happens={"app": {"update": 1}},
        planted=[SECRET, NEXT_SECRET],
    ),
    Scenario(
        name="secret becomes consumed",
        story="A second stack reads a secret that is published already, and has it in a tag.",
        edits=[Replace(DATA, '"label": ground.label', '"label": ground.label, "token": ground.token')],
        happens={"data": {"update": 1}},
        planted=[SECRET, NEXT_SECRET],
    ),
    Scenario(
        name="component added",
        story="app writes two notes, in a component.",
        edits=[
            Replace(
                APP,
                "    return AppOutputs(",
                '    notes = pulumi.ComponentResource("sample:app:Notes", "notes")\n'
                '    write("note-a", logs.workspace, notes)\n'
                '    write("note-b", "second", notes)\n'
                "    return AppOutputs(",
            )
        ],
        happens={"app": {"create": 3}},
    ),
    Scenario(
        name="component removed",
        story="The notes go.",
        edits=[
            Replace(
                APP,
                '    notes = pulumi.ComponentResource("sample:app:Notes", "notes")\n'
                '    write("note-a", logs.workspace, notes)\n'
                '    write("note-b", "second", notes)\n',
                "",
            )
        ],
        happens={"app": {"delete": 3}},
    ),
    Scenario(
        name="removed resource",
        story="Nobody looks any more: an identity goes, and with it the role that another stack gave it.",
        edits=[
            Replace(CONTRACTS, '    auditor: Output[str] = output("Object id of who looks.")\n', ""),
            Replace(
                GROUND,
                "    auditor = az.managedidentity.UserAssignedIdentity(\n"
                '        "auditor", resource_name_="id-auditor", resource_group_name=group.name,\n'
                '        location=env.azure.location, tags=tags(env, "ground"),\n    )\n',
                "",
            ),
            Replace(GROUND, "        auditor=auditor.principal_id,\n", ""),
            Replace(
                LOGS,
                "    az.authorization.RoleAssignment(\n"
                '        "auditor-reads",\n'
                '        role_assignment_name="6f0d7c1e-0000-4000-8000-0000000000a2",\n'
                "        scope=workspace.id,\n"
                "        role_definition_id=READER.definition_id(env),\n"
                "        principal_id=ground.auditor,\n"
                '        principal_type="ServicePrincipal",\n'
                "    )\n",
                "",
            ),
        ],
        happens={"ground": {"delete": 1}, "logs": {"delete": 1}},
        confirm=["id-auditor"],
    ),
)

STACKS: Final = (
    Scenario(
        name="first deploy of one more stack",
        story="A new stack reads from logs, and app reads from it.",
        edits=[
            *(Write(file, text) for file, text in stack_files("audit", AUDIT).items()),
            Replace(
                CONTRACTS,
                "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass AppOutputs",
                '@dataclasses.dataclass(frozen=True, kw_only=True)\nclass AuditOutputs(StackOutputs, stack="audit"):\n'
                '    """What audit publishes."""\n\n    trail: Output[str] = output("ARN of the trail.")\n\n\n'
                "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass AppOutputs",
            ),
            Replace(APP, "import AppOutputs, DataOutputs", "import AppOutputs, AuditOutputs, DataOutputs"),
            Replace(APP, "data: DataOutputs)", "data: DataOutputs, audit: AuditOutputs)"),
            Replace(APP, '    write("jobs"', '    write("trail", audit.trail)\n    write("jobs"'),
        ],
        happens={"audit": {"create": 3}, "app": {"create": 1}},
    ),
    Scenario(
        name="removed stack folder",
        story="app reads from audit no more, and its folder is gone: what it deployed stays, for somebody to destroy.",
        edits=[
            RemoveFolder("stacks/audit"),
            Replace(
                CONTRACTS,
                '@dataclasses.dataclass(frozen=True, kw_only=True)\nclass AuditOutputs(StackOutputs, stack="audit"):\n'
                '    """What audit publishes."""\n\n    trail: Output[str] = output("ARN of the trail.")\n\n\n',
                "",
            ),
            Replace(APP, "import AppOutputs, AuditOutputs, DataOutputs", "import AppOutputs, DataOutputs"),
            Replace(APP, "data: DataOutputs, audit: AuditOutputs)", "data: DataOutputs)"),
            Replace(APP, '    write("trail", audit.trail)\n', ""),
        ],
        happens={"app": {"delete": 1}},
        says={
            "audit": "stacks/audit is gone and the stack is still deployed: trail (aws:cloudwatch/logGroup:LogGroup)"
        },
    ),
    Scenario(
        name="feature off",
        story="The environment wants no protection, so a guard of a bucket goes.",
        edits=[Replace(ENVIRONMENT, "defender: true", "defender: false")],
        happens={"data": {"delete": 1}},
    ),
    Scenario(
        name="feature on",
        story="The environment wants it again.",
        edits=[Replace(ENVIRONMENT, "defender: false", "defender: true")],
        happens={"data": {"create": 1}},
    ),
    Scenario(
        name="provider version",
        story="The providers of Azure are of another version.",
        edits=[
            Replace(
                "shared/providers.py",
                "location=environment.azure.location)",
                'location=environment.azure.location, opts=pulumi.ResourceOptions(version="3.28.0"))',
            )
        ],
        happens={"ground": {"update": 1}, "logs": {"update": 1}, "app": {"update": 1}},
    ),
    Scenario(
        name="replacement, deleted first",
        story="A bucket of another name, which is made after the old one is gone, and its guard with it.",
        edits=[
            Replace(
                DATA,
                'bucket=ground.suffix.apply(lambda suffix: f"chain-raw-{suffix}"),',
                'bucket=ground.suffix.apply(lambda suffix: f"chain-all-{suffix}"),\n'
                "        opts=pulumi.ResourceOptions(delete_before_replace=True),",
            )
        ],
        happens={"data": {"replace": 2}, "app": {"update": 1}},
        confirm=["chain-raw-two"],
    ),
    Scenario(
        name="ignored change",
        story="Retention is another one, and the program says not to look at it.",
        edits=[
            Replace(
                DATA,
                'aliases=[pulumi.Alias(name="runs")]), name="/chain/runs", retention_in_days=60',
                'ignore_changes=["retentionInDays"]), name="/chain/runs", retention_in_days=90',
            )
        ],
        happens={},
    ),
    Scenario(
        name="other order",
        story="The log group waits for the bucket now. Nothing about either is different.",
        edits=[Replace(DATA, '"retentionInDays"]', '"retentionInDays"], depends_on=[raw]')],
        happens={},
    ),
    Scenario(
        name="change no longer ignored",
        story="The program looks at retention again.",
        edits=[Replace(DATA, 'ignore_changes=["retentionInDays"], ', "")],
        happens={"data": {"update": 1}},
    ),
    Scenario(
        name="protection",
        story="The configuration store is protected from deletion, by the engine alone.",
        edits=[
            Replace(
                APP,
                '        tags=tags(env, "app"),\n',
                '        tags=tags(env, "app"),\n        opts=pulumi.ResourceOptions(protect=True),\n',
            )
        ],
        happens={},
    ),
    Scenario(
        name="output of another type",
        story="ground publishes its word as a list, under a new name, and its reader takes that; the tag is the same.",
        edits=[
            Replace(
                CONTRACTS,
                '    label: Output[str] = output("A word for tags.")\n',
                '    labels: Output[list[str]] = output("Words for tags.")\n',
            ),
            Replace(GROUND, 'label=pulumi.Output.from_input("second")', 'labels=pulumi.Output.from_input(["second"])'),
            Replace(DATA, "ground.label", "ground.labels.apply(lambda labels: labels[0])"),
        ],
        happens={},
    ),
    Scenario(
        name="resource moved to another stack",
        story="The jobs' log group moves from data to logs, under a new name, and the output with it.",
        edits=[
            Replace(
                DATA,
                '    jobs = aws.cloudwatch.LogGroup("job-logs", opts=pulumi.ResourceOptions(depends_on=[raw]), '
                'name="/chain/runs", retention_in_days=90, tags=tags(env, "data"))\n',
                "",
            ),
            Replace(DATA, ", jobs=jobs.name)", ")"),
            Replace(CONTRACTS, '    jobs: Output[str] = output("Name of the jobs\' log group.")\n', ""),
            Replace(
                CONTRACTS,
                "    remark: Output[str | None]",
                '    jobs: Output[str] = output("Name of the jobs\' log group.")\n    remark: Output[str | None]',
            ),
            Replace(
                LOGS, "import pulumi_azure_native as az", "import pulumi_aws as aws\nimport pulumi_azure_native as az"
            ),
            Replace(
                LOGS,
                "    return LogsOutputs(",
                '    jobs = aws.cloudwatch.LogGroup("jobs", name="/chain/all-jobs")\n'
                "    return LogsOutputs(jobs=jobs.name, ",
            ),
            Replace(APP, "data.jobs", "logs.jobs"),
        ],
        happens={"data": {"delete": 1}, "logs": {"create": 2}, "app": {"update": 1}},
        confirm=["runs"],
    ),
    Scenario(
        name="to be left behind",
        story="The guard of the bucket is to stay in the cloud when the program gives it up.",
        edits=[
            Replace(
                DATA,
                "block_public_acls=True)",
                "block_public_acls=True, opts=pulumi.ResourceOptions(retain_on_delete=True))",
            )
        ],
        happens={},
    ),
    Scenario(
        name="left behind",
        story="The program gives it up: it leaves the state, and the cloud keeps it.",
        edits=[Replace(ENVIRONMENT, "defender: true", "defender: false")],
        happens={"data": {"delete": 1}},
    ),
)

SMALL: Final = (*FIRST, *CHANGES, *STACKS)
