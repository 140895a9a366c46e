"""Show what the stacks of an environment publish."""

import json

from rich.table import Table
from rich.text import Text

from shared.commands.arguments import Options
from shared.commands.ready import say, session_of
from shared.commands.standard_output import put, show
from shared.engine import Engine, find_engine
from shared.orchestration.backend import stack_outputs, states, with_resources
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from shared.orchestration.session import Session


def show_outputs(options: Options) -> int:
    """Print the outputs of the stacks; secrets as "[secret]". Returns the exit code."""
    environment = options.environment()
    graph = graph_of(discover(options.root))
    selected = graph.select(options.stack_names())
    with session_of(options, environment, clouds=False, looks=True) as session:
        outputs = _outputs(session, find_engine(say), selected)
    if options.json:
        put(json.dumps(outputs, indent=2, sort_keys=True) + "\n")
    else:
        show(_table(outputs))
    return 0


def _outputs(session: Session, engine: Engine, selected: tuple[str, ...]) -> dict[str, dict[str, object]]:
    deployed = with_resources(states(session)) & set(selected)
    return {stack: stack_outputs(session, engine, stack) if stack in deployed else {} for stack in selected}


def _table(outputs: dict[str, dict[str, object]]) -> Table:
    table = Table("stack", "output")
    table.add_column("value", overflow="fold")
    for stack, values in outputs.items():
        for name, value in sorted(values.items()):
            table.add_row(stack, name, Text(value if isinstance(value, str) else json.dumps(value)))
        if not values:
            table.add_row(stack, "", "(not deployed)")
    return table
