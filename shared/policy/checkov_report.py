"""What Checkov's JSON says, as verdicts on our resources."""

import json
from collections.abc import Iterator, Mapping, Sequence

from shared.policy.errors import CheckovFailedError
from shared.policy.finding import Result, Verdict
from shared.policy.json_value import Json, at, is_list, is_mapping
from shared.policy.rendered import Canary, Rendered
from shared.policy.resource import Resource

_RESULTS: Mapping[str, Result] = {"passed_checks": "passed", "failed_checks": "failed"}


def verdicts_of(answer: str, rendered: Sequence[Rendered], resources: Sequence[Resource]) -> tuple[Verdict, ...]:
    """Return the verdicts. answer: Checkov's JSON on `rendered`, which was made of `resources`.

    Raises CheckovFailedError where it could not read a document, left one out, or speaks of what is in none.
    """
    by_urn = {resource.urn: resource for resource in resources}
    reports = _reports(answer)
    return tuple(verdict for one in rendered for verdict in _verdicts(_report_on(reports, one), one, by_urn))


def _reports(answer: str) -> list[Json]:
    try:
        document: Json = json.loads(answer)
    except ValueError:
        raise CheckovFailedError(problem="what it printed is not JSON") from None
    return list(document) if is_list(document) else [document]


def _report_on(reports: Sequence[Json], rendered: Rendered) -> Json:
    report = next((one for one in reports if at(one, "check_type") == rendered.framework), None)
    if not is_mapping(at(report, "results")):
        raise CheckovFailedError(problem=f"it says nothing about the {rendered.framework} document")
    if at(report, "results.parsing_errors"):
        raise CheckovFailedError(problem=f"it could not read the {rendered.framework} document")
    if not any(_is_canary(record, rendered.canary) for record in at(report, "results.failed_checks") or []):
        raise CheckovFailedError(
            problem=f"it did not apply {rendered.canary.check} to the {rendered.framework} document"
        )
    return report


def _is_canary(record: Json, canary: Canary) -> bool:
    return record["resource"] == canary.name and record["check_id"] == canary.check


def _verdicts(report: Json, rendered: Rendered, by_urn: Mapping[str, Resource]) -> Iterator[Verdict]:
    for name, result in _RESULTS.items():
        for record in at(report, f"results.{name}") or []:
            if record["resource"] == rendered.canary.name:
                continue
            owner = rendered.owners.get(record["resource"])
            if owner is None:
                raise CheckovFailedError(problem=f"it speaks of {record['resource']}, which was not rendered")
            yield Verdict(
                check=record["check_id"],
                what=record["check_name"].strip(),
                result=result,
                resource=by_urn[owner],
                fix=_fix(record),
            )


def _fix(record: Json) -> str:
    """Return where to look: Checkov tells which properties a check has read, and where there is a page, its address."""
    keys = [key for key in at(record, "check_result.evaluated_keys") or [] if isinstance(key, str) and key]
    texts = [f"see {', '.join(dict.fromkeys(keys))}"] if keys else []
    return "; ".join([*texts, *([guide] if (guide := record.get("guideline")) else [])])
