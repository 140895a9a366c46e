"""Show which stacks a change touches, and why."""

import json
from pathlib import PurePath

from shared.affected.git_changes import files_at
from shared.affected.since import Affected, affected_since
from shared.commands.arguments import Options, UsageError
from shared.commands.standard_output import put, show
from shared.environment import environment_names


def affected(options: Options) -> int:
    """Print every stack with what the changes since `--since` mean to it. Returns the exit code.

    Raises UsageError, EnvironmentFileError, ComparisonError, ProgramError, GraphError.
    """
    if not options.since:
        fix = "name the commit, branch or tag to compare with, e.g. origin/main"
        raise UsageError(flag="--since", problem="is missing", fix=fix)
    stacks = affected_since(options.root, options.since, _environments(options))
    if options.json:
        put(json_of(stacks))
    else:
        _print(stacks)
    return 0


def json_of(stacks: tuple[Affected, ...]) -> str:
    """Return the stacks as the one JSON document of the command."""
    listed = [{"name": one.name, "affected": one.affected, "reason": one.reason} for one in stacks]
    return json.dumps({"stacks": listed}, indent=2) + "\n"


def _print(stacks: tuple[Affected, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("stack", "affected")
    table.add_column("reason", overflow="fold")
    for one in stacks:
        table.add_row(one.name, "yes" if one.affected else "no", Text(one.reason))
    show(table)


def _environments(options: Options) -> tuple[str, ...]:
    """Return the environment that was named, or all that there are or were."""
    if options.env:
        return (options.environment().name,)
    before = {PurePath(name) for name in files_at(options.root, options.since, "environments")}
    names = {name.stem for name in before if name.suffix == ".yaml"}
    return tuple(sorted(names | set(environment_names(options.root))))
