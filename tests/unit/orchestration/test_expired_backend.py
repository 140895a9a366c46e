"""An engine that fails because the login of the state backend has expired: no event tells of that."""

from pathlib import Path

import pulumi.automation as auto
import pytest
from pulumi.automation.errors import CommandError

from shared.exit_codes import ExitCode
from shared.orchestration import destroy_operation
from shared.orchestration.destroy_operation import StackDestruction
from tests.unit.orchestration.test_engine_lock import job

WORDS = (
    "error: post-step event returned an error: failed to save snapshot: An IO error occurred while writing the new "
    'snapshot file: blob (key ".pulumi/stacks/a/b.json") (code=Unknown): ExpiredToken: The provided token has expired.'
)


@pytest.mark.parametrize(
    ("words", "code"), [(WORDS, ExitCode.AUTHENTICATION), ("error: no space left", ExitCode.INTERNAL)]
)
def test_it_is_told_from_other_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, code: ExitCode
) -> None:
    def fail(*_: object, **__: object) -> auto.Stack:
        raise CommandError(auto.CommandResult(stdout="", stderr=words, code=255))

    monkeypatch.setattr(destroy_operation, "opened_stack", fail)
    outcome = StackDestruction(job(tmp_path), lambda _: None, lambda: None).run(0.0)
    assert (outcome.result, outcome.exit_code) == ("failed", code)
    assert ("log in again" in outcome.reason) == (code is ExitCode.AUTHENTICATION)
