"""Reports of all kinds: of real looking runs, and made up by hypothesis with whatever text there is."""

from hypothesis import strategies as st

from shared.reporting.model import Changes, OperationReport, RunReport, StackReport, StepReport, run_result

HOSTILE = (
    "<script>alert(1)</script>",
    "]]>&amp;\"'",
    "\x1b[31mred\x1b[0m\x00\x08\ufffe\ud800",
    "a | b\n# title\n```\n</details>",
    "@team #12 [x](javascript:y) ![i](//z) https://e.invalid",
    "\u202egnp.exe",
    "{{ 7 * 7 }} {% raw %}",
    "ж" * 300,
    "",
)

names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.from_regex(r"[a-z][a-z_-]{0,20}", fullmatch=True))
seconds = st.floats(0, 100_000)
kinds = st.sampled_from(["create", "update", "replace", "delete"])


def _step(text: str, began: float, took: float | None, result: str) -> StepReport:
    urn = f"urn:pulumi:prod::s::a:b:C::{text}"
    ended = None if took is None else began + took
    return StepReport.model_validate(
        {"urn": urn, "type": "a:b:C", "name": text, "operation": "create", "began": began, "ended": ended}
        | {"result": result, "error": text if result == "failed" else ""}
    )


steps = st.builds(_step, names, seconds, st.none() | seconds, st.sampled_from(["succeeded", "failed", "unfinished"]))
operations = st.builds(
    OperationReport,
    urn=names,
    type=names,
    name=names,
    certain=st.none() | kinds,
    possible=st.none() | kinds,
    properties=st.lists(names, max_size=3).map(tuple),
    reasons=st.lists(names, max_size=3).map(tuple),
)
_counts = st.integers(0, 3000)
stacks = st.builds(
    StackReport,
    name=names,
    result=st.sampled_from(["succeeded", "unchanged", "failed", "skipped", "cancelled"]),
    reason=names,
    cause=st.none() | names,
    changes=st.builds(Changes, create=_counts, update=_counts, replace=_counts, delete=_counts, same=_counts),
    seconds=seconds,
    retries=st.integers(0, 3),
    operations=st.lists(operations, max_size=4).map(tuple),
    outputs=st.lists(names, max_size=2).map(tuple),
    began=st.none() | seconds,
    upstreams=st.lists(names, max_size=3).map(tuple),
    steps=st.lists(steps, max_size=4).map(tuple),
)


def _run(found: list[StackReport], command: str, environment: str | None, error: str, took: float) -> RunReport:
    unique = tuple({stack.name: stack for stack in found}.values())
    return RunReport(
        schema_version=1,
        command=command,
        environment=environment,
        result="failed" if error else run_result(unique),
        exit_code=0,
        seconds=took,
        stacks=unique,
        started="" if error else "2026-11-20T09:30:00Z",
        commit=None if error else "c0ffee" * 6,
        error=error,
    )


reports = st.builds(
    _run,
    st.lists(stacks, max_size=5),
    st.sampled_from(["preview", "deploy", "destroy"]),
    st.none() | names,
    st.sampled_from(["", *HOSTILE]),
    seconds,
)


def stack(name: str, **fields: object) -> StackReport:
    """Return the report of a stack that went well, but for `fields`."""
    known: dict[str, object] = {"name": name, "result": "succeeded", "reason": "", "cause": None, "seconds": 1.0}
    return StackReport.model_validate({**known, "changes": Changes(), "began": 0.0, **fields})


def step(name: str, began: float, ended: float | None, **fields: object) -> StepReport:
    """Return a step of a group's creation, but for `fields`."""
    urn = f"urn:pulumi:prod::s::azure-native:resources:ResourceGroup::{name}"
    known: dict[str, object] = {"urn": urn, "type": "azure-native:resources:ResourceGroup", "name": name}
    timed: dict[str, object] = {"operation": "create", "began": began, "ended": ended, "result": "succeeded"}
    return StepReport.model_validate({**known, **timed, **fields})


def report(*found: StackReport, command: str = "deploy", **fields: object) -> RunReport:
    """Return the report of a run over these stacks."""
    known: dict[str, object] = {"schema_version": 1, "command": command, "environment": "prod", "exit_code": 0}
    timed: dict[str, object] = {"seconds": 63.0, "started": "2026-11-20T09:30:00Z", "commit": "c0ffee" * 6}
    return RunReport.model_validate({**known, "result": run_result(found), "stacks": found, **timed, **fields})


FAILED_RUN = report(
    stack(
        "identity",
        changes=Changes(create=2),
        seconds=4.0,
        retries=1,
        steps=(step("main", 0.5, 1.0), step("role", 1.0, 4.0)),
    ),
    stack(
        "key_vault",
        result="failed",
        reason="stacks/key_vault/program.py:31: vault (a:b:C): VaultAlreadyExists: the name is taken",
        began=4.1,
        seconds=20.0,
        upstreams=("identity",),
        steps=(
            step("group", 5.0, 6.0),
            step("vault", 6.0, 24.0, result="failed", error="VaultAlreadyExists: the name is taken"),
            step("key", 6.0, None, result="unfinished"),
        ),
    ),
    stack(
        "sagemaker",
        result="skipped",
        reason="did not run because key_vault failed",
        cause="key_vault",
        began=None,
        seconds=0.0,
        upstreams=("identity", "key_vault"),
    ),
    stack("costs", result="cancelled", reason="the run was stopped", began=4.2, seconds=2.0),
    stack("notes", result="cancelled", reason="the run was stopped", began=None, seconds=0.0),
    exit_code=4,
)
BROKEN = report(result="failed", exit_code=2, seconds=0.0, started="", commit=None, error="--stacks: names no stack")
