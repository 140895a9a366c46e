"""GitHub subjects in the form that Checkov knows.

Repositories made since 15 July 2026 send `repo:OWNER@ID/REPOSITORY@ID:…` (GitHub, "OpenID Connect reference"). The
pattern of a repository in Checkov has no `@`, so that its rules on trust (CKV_AZURE_249, CKV_AWS_393) would fail on
every one of them, and say nothing about wildcards and missing environments any more. Without the ids they go on to
judge the rest; our own rules judge the ids.
"""

import re

from shared.policy.json_value import Json, is_list, is_mapping

_IMMUTABLE = re.compile(r"repo:(?P<owner>[^@/:\"]+)@\d+/(?P<repository>[^@/:\"]+)@\d+:")


def with_classic_subjects(value: Json) -> Json:
    """Return `value` with every immutable subject in its texts in the classic form."""
    if isinstance(value, str):
        return _IMMUTABLE.sub(r"repo:\g<owner>/\g<repository>:", value)
    if is_mapping(value):
        return {key: with_classic_subjects(item) for key, item in value.items()}
    if is_list(value):
        return [with_classic_subjects(item) for item in value]
    return value
