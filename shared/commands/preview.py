"""Show what deploying an environment would change, and save it as a plan set."""

from pathlib import Path

from shared.commands.arguments import Options, UsageError, from_here
from shared.commands.plan_sets import present, saved
from shared.commands.ready import ready, say
from shared.commands.report_files import published
from shared.commands.reviewing import looked_at, reviewed
from shared.commands.standard_output import put, show
from shared.reporting.preview_tree import preview_tree


def preview(options: Options) -> int:
    """Preview the whole graph. Returns the exit code.

    With --save everything is previewed, and saved where every preview went well.
    """
    file = _file(options)
    with ready(options) as prepared:
        looker = looked_at(prepared, everything=options.all or file is not None)
        bound = present(prepared, looker.checkpoints)
        ran = reviewed(prepared, looker, verbose=options.verbose)
        report = ran.report
        if file is not None and not report.exit_code:
            saved(prepared, options, ran, bound, file)
        report = published(options, report)
        if options.json:
            put(report.model_dump_json() + "\n")
        else:
            tree = preview_tree("preview", prepared.environment.name, ran.outcomes, details=options.diff)
            show(tree)
        if file is not None and report.exit_code:
            say(f"{file} was not written: only a preview that went well can be deployed")
        elif file is not None:
            say(f"saved as {file}: deploy it with invoke deploy --env {prepared.environment.name} --plan {file}")
        return report.exit_code


def _file(options: Options) -> Path | None:
    """Return the file of --save. Raises UsageError where none can be written there: before previews are in vain."""
    if not options.save:
        return None
    file = from_here(options.save)
    if file.is_dir():
        raise UsageError(flag="--save", problem=f"{file} is a folder", fix="name a file")
    if not file.parent.is_dir():
        raise UsageError(flag="--save", problem=f"the folder {file.parent} is not there", fix="make it first")
    return file
