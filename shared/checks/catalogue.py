"""The one list of checks: `invoke check`, .ci/run, the workflows and pre-commit all run it."""

from functools import partial
from pathlib import Path

from shared.checks.forbidden_text import check_forbidden_text
from shared.checks.generated_file import GeneratedFile, check_generated_file
from shared.checks.layering import check_layering
from shared.checks.locks import check_locks
from shared.checks.owners import check_owners
from shared.checks.published_schemas import schema_text
from shared.checks.result import Check
from shared.checks.stack_pages import check_stack_pages
from shared.checks.stack_programs import check_stack_programs
from shared.checks.stack_settings import check_stack_settings
from shared.checks.tools import check_format, check_lint, check_types
from shared.checks.workflows import check_actionlint, check_zizmor
from shared.orchestration.diagram import with_diagram

REPOSITORY = Path(__file__).resolve().parents[2]


def _environment_schema(_: str) -> str:
    # The model behind it takes a while to import, and most of `invoke check --only` does not need it.
    from shared.environment.schema import schema_text

    return schema_text()


def _permissions(text: str) -> str:
    from shared.permissions.tables import with_tables

    return with_tables(text)


def _published(file: str) -> GeneratedFile:
    return GeneratedFile(
        path=file,
        make=lambda _: schema_text(file),
        fix="run `.venv/bin/python -m shared.checks.published_schemas` and commit the result",
    )


def _readme(root: Path) -> GeneratedFile:
    return GeneratedFile(
        path="README.md",
        make=lambda text: with_diagram(text, root),
        fix="run `.venv/bin/python -m shared.orchestration.diagram` and commit the result",
    )


SCHEMA = GeneratedFile(
    path="environments/schema.json",
    make=_environment_schema,
    fix="run `.venv/bin/python -m shared.environment.schema` and commit the result",
)


PERMISSIONS = GeneratedFile(
    path="docs/permissions.md",
    make=_permissions,
    fix="run `.venv/bin/python -m shared.permissions.tables` and commit the result",
)


def all_checks(root: Path = REPOSITORY) -> tuple[Check, ...]:
    """Return every check of the repository at `root`, in the order in which they are shown."""
    return (
        Check("format", partial(check_format, root)),
        Check("lint", partial(check_lint, root)),
        Check("types", partial(check_types, root)),
        Check("layering", partial(check_layering, root)),
        Check("programs", partial(check_stack_programs, root)),
        Check("locks", partial(check_locks, root)),
        Check("schema", partial(check_generated_file, root, SCHEMA)),
        Check("report-schema", partial(check_generated_file, root, _published("docs/run-report.schema.json"))),
        Check("status-schema", partial(check_generated_file, root, _published("docs/status-report.schema.json"))),
        Check("bench-schema", partial(check_generated_file, root, _published("docs/bench-report.schema.json"))),
        Check("diagram", partial(check_generated_file, root, _readme(root))),
        Check("pages", partial(check_stack_pages, root)),
        Check("permissions", partial(check_generated_file, root, PERMISSIONS)),
        Check("owners", partial(check_owners, root)),
        Check("settings", partial(check_stack_settings, root)),
        Check("text", partial(check_forbidden_text, root)),
        Check("actionlint", partial(check_actionlint, root)),
        Check("zizmor", partial(check_zizmor, root)),
    )
