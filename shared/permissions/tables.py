"""The tables of docs/permissions.md: who may do what, on what, and which resource needs it.

`python -m shared.permissions.tables` writes them again.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from shared.permissions.aws_calls import AWS_CALLS
from shared.permissions.reviewed.all_grants import APP_ROLES, OWN_ROLES, POLICIES, ROLES
from shared.permissions.reviewed.model import ReviewedAppRole, ReviewedRole, ReviewedStatement
from shared.permissions.reviewed.unneeded import UNNEEDED
from shared.permissions.wildcard import matches

PATH: Final = "docs/permissions.md"
_BEGIN: Final = "<!-- the tables: written by python -m shared.permissions.tables -->"
_END: Final = "<!-- end of the tables -->"

# The identities in the order of their tables: name, policy on AWS, and who they are.
_IDENTITIES: Final = (
    ("gha-preview", "role gha-preview", "The login of previews. It runs code of pull requests and writes nothing."),
    ("gha-deploy", "role gha-deploy", "The login that deploys all stacks but `identity`."),
    ("gha-identity", "role gha-identity", "The login that deploys `identity`. What only a person does is below."),
    ("workspace", "", "The identity of the Azure ML workspace."),
    ("compute", "role azure-training", "The identity of jobs on Azure ML; on AWS it reads models, by its Entra token."),
    ("endpoint", "", "The identity of the online endpoint."),
    ("cmk", "", "The identity of the storage account, which reads its key."),
    ("watcher", "", "The identity that writes the flow logs of the network on Azure."),
    ("job", "role job", "The role of the pipeline's jobs on SageMaker."),
    ("pipeline", "role pipeline", "The role of the pipeline on SageMaker."),
    ("start", "role start", "The role of the event that starts the pipeline."),
    ("flow-logs", "role flow-logs", "The role that writes the flow log of the VPC."),
    ("ml-admins", "", "People who operate the platform."),
    ("data-scientists", "", "People who train models."),
    ("scoring-clients", "", "Who asks for predictions."),
)


def with_tables(text: str) -> str:
    """Return the document with its tables as they are now. What stands around them is kept."""
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2] or "\n"
    return f"{before}{_BEGIN}\n{_tables()}{_END}{after}"


def _tables() -> str:
    parts = [_identity(name, policy, who) for name, policy, who in _IDENTITIES]
    parts += [
        _own_roles(),
        _policies("Boundary", "The most that any role of ours on AWS may do, whatever its policy says.", "policy "),
        _policies("Who may become a role on AWS", "The trust of each role.", "trust of "),
        _policies("The key on AWS", "Its policy; the resource is the key itself.", "key "),
        _policies("Buckets", "Their policies.", "bucket "),
        _policies("Endpoints of the VPC", "What passes through them.", "endpoint "),
        _left_over(),
    ]
    return "\n".join(parts)


def _identity(name: str, policy: str, who: str) -> str:
    rows = [
        *(_role_row(role) for role in ROLES if role.to == name),
        *(_statement_row(policy, one) for one in POLICIES.get(policy, ())),
        *(_app_role_row(one) for one in APP_ROLES if one.to == name),
    ]
    return "\n".join([f"## {name}", who, "", *_table(rows), ""])


def _policies(title: str, what: str, prefix: str) -> str:
    rows = [
        (f"{policy.removeprefix(prefix)}: {_may(one)}", _where(one), _needs(one, None))
        for policy, statements in POLICIES.items()
        if policy.startswith(prefix)
        for one in statements
    ]
    return "\n".join([f"## {title}", what, "", *_table(rows), ""])


def _own_roles() -> str:
    rows = [(f"`{one.name}`{_when(one.when)}", _code(one.actions), one.why) for one in OWN_ROLES]
    head = "## Roles on Azure that we define\nThey are made by a person: see above.\n"
    return "\n".join([head, *_table(rows, "role", "allows", "what for"), ""])


def _left_over() -> str:
    rows = [(f"`{action}`", policy.removeprefix("role "), why) for (policy, action), why in UNNEEDED.items()]
    head = "## Granted, and needed by no operation\nEach has its reason; a test finds others.\n"
    return "\n".join([head, *_table(rows, "action", "granted to", "why it stays"), ""])


def _table(rows: Iterable[tuple[str, str, str]], *titles: str) -> Iterator[str]:
    names = titles or ("may do", "on what", "which resource needs it")
    yield f"| {' | '.join(names)} |"
    yield "|---|---|---|"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def _role_row(role: ReviewedRole) -> tuple[str, str, str]:
    return f"Azure: `{role.role}`", f"`{role.on}`{_when(role.when)}", f"{_listed(role.needed_by)}: {role.why}"


def _statement_row(policy: str, one: ReviewedStatement) -> tuple[str, str, str]:
    return f"AWS: {_may(one)}", _where(one), _needs(one, policy)


def _app_role_row(one: ReviewedAppRole) -> tuple[str, str, str]:
    where = "the tenant" if one.permission.startswith("Graph ") else "our application"
    return f"Entra: `{one.permission}`", where, f"{_listed(one.needed_by)}: {one.why}"


def _may(one: ReviewedStatement) -> str:
    never = "**never** " if one.effect == "Deny" else ""
    return f"{one.sid}: {never}{_code(one.actions)}"


def _where(one: ReviewedStatement) -> str:
    who = [f"by {_code(one.principals)}"] if one.principals else []
    what = [_code(one.resources)] if one.resources else []
    what += [f"all but {_code(one.outside)}"] if one.outside else []
    tests = [
        f"{operator} `{key}` {_code(sorted(values))}"
        for operator, keys in one.conditions.items()
        for key, values in keys.items()
    ]
    conditions = [f"if {' and '.join(tests)}"] if tests else []
    return f"{'; '.join([*what, *who, *conditions])}{_when(one.when)}"


def _needs(one: ReviewedStatement, policy: str | None) -> str:
    needed: Iterable[str] = one.needed_by
    if not needed and one.effect == "Allow" and policy is not None:
        needed = types_that_need(one.actions)
    return f"{_listed(needed)}: {one.why}" if needed else one.why


def types_that_need(actions: Iterable[str]) -> list[str]:
    """Return the resource types that make one of these calls. actions: patterns."""
    patterns = tuple(actions)
    return [
        token
        for token, calls in AWS_CALLS.items()
        if any(matches(pattern, call.action, any_case=True) for pattern in patterns for call in calls.all)
    ]


def _listed(tokens: Iterable[str]) -> str:
    """Return the names of types, without the provider and the module in which they are."""
    return ", ".join(f"`{token.rpartition(':')[2]}`" for token in tokens)


def _when(choices: Iterable[str]) -> str:
    named = list(choices)
    return f" (where: {', '.join(named)})" if named else ""


def _code(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def main() -> None:
    """Write the tables of this repository's document again."""
    path = Path(__file__).resolve().parents[2] / PATH
    path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
