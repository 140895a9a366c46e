"""One stack by hand: the fresh process that budgets are measured against.

Run as `python -m shared.bench.by_hand MAIN WORK_DIR ENVIRONMENT OPERATION`, with the engine on PATH and its variables
in the environment. This is what a good engineer writes with the Automation API and nothing else; it imports nothing of
the orchestration. OPERATION: preview, or deploy (a preview, then an update). Prints, as JSON, how many resources each
step touched, by kind: {"preview": {"same": 3}, "up": {"create": 3}}.
"""

import json
import runpy
import sys
from pathlib import Path

from pulumi import automation


def main() -> None:
    """Do what the command line says."""
    file, work_dir, environment, operation = sys.argv[1:]

    def program() -> None:
        runpy.run_path(file, run_name="__main__")

    stack = automation.create_or_select_stack(
        stack_name=environment,
        project_name=Path(file).parent.name,
        program=program,
        opts=automation.LocalWorkspaceOptions(work_dir=work_dir),
    )
    changes = {"preview": dict(stack.preview().change_summary)}
    if operation == "deploy":
        changes["up"] = dict(stack.up().summary.resource_changes or {})
    sys.stdout.write(json.dumps(changes) + "\n")


if __name__ == "__main__":
    main()
