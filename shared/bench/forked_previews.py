"""Previews in processes that have the SDKs already, one after another, with nothing around them.

Run as `python -m shared.bench.forked_previews ENVIRONMENT WORK preview|open STACK_MAIN...`. WORK: folder of the stacks'
work folders. `open` does everything but the preview itself, so that the difference of the two is the preview.
"""

import multiprocessing
import runpy
import sys
from pathlib import Path

from pulumi import automation

from shared.orchestration import preload


def one(file: str, work: Path, environment: str, *, previews: bool) -> None:
    """Open one stack, and preview it. Raises RuntimeError where that finds a change."""
    name = Path(file).parent.name

    def program() -> None:
        runpy.run_path(file, run_name="__main__")

    stack = automation.select_stack(
        stack_name=environment,
        project_name=name,
        program=program,
        opts=automation.LocalWorkspaceOptions(work_dir=str(work / name)),
    )
    if not previews:
        return
    changes = stack.preview().change_summary
    if set(changes) != {automation.OpType.SAME}:
        raise RuntimeError(f"the preview of {name} says {dict(changes)}, not only same")


def main() -> None:
    """Do what the command line says, and end with the first process that fails."""
    environment, work, verb, *files = sys.argv[1:]
    if not preload.PRELOADED:
        raise RuntimeError("the stacks use no SDK, so there is nothing to compare with")
    fork = multiprocessing.get_context("fork")
    for file in files:
        process = fork.Process(target=one, args=(file, Path(work), environment), kwargs={"previews": verb == "preview"})
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(1)


if __name__ == "__main__":
    main()
