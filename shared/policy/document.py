"""A judgement as JSON, for programs."""

import dataclasses

from shared.policy.json_value import Json
from shared.policy.judgement import Judgement

SCHEMA_VERSION = 1


def document_of(judgement: Judgement, environment: str) -> dict[str, Json]:
    """Return the document that `policy --json` prints. It holds names and rules, no value of a property."""
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "policy",
        "environment": environment,
        "findings": [dataclasses.asdict(one) for one in judgement.findings],
        "passed": judgement.passed,
        "suppressed": [
            {**dataclasses.asdict(one.finding), "reason": one.suppression.reason, "owner": one.suppression.owner}
            for one in judgement.suppressed
        ],
        "not_judged": [dataclasses.asdict(one) for one in judgement.not_judged],
    }
