"""Amazon EventBridge and CloudWatch Logs."""

import json

from shared.sandbox.catalog.aws.account import (
    aws,
    given_name,
    held_by,
    physical_name,
    regional_arn,
    unless_held,
    values_at,
)
from shared.sandbox.catalog.aws.iam import role_reference
from shared.sandbox.catalog.aws.kms import key_reference
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import is_mapping

RULE = "aws:cloudwatch/eventRule:EventRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_BUS = "default"
_RETENTIONS = {
    0,
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
}


def _bus(request: Request) -> str:
    return request.text("eventBusName", _BUS)


def _on_bus(request: Request, name: str, separator: str) -> str:
    return name if _bus(request) == _BUS else f"{_bus(request)}{separator}{name}"


def _rule_name(request: Request) -> str:
    return request.id.rpartition("/")[2] or physical_name(request)


def _check_rule(request: Request) -> None:
    pattern, schedule = request.text("eventPattern"), request.text("scheduleExpression")
    if not pattern and not schedule:
        raise CloudError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if pattern:
        try:
            parsed = json.loads(pattern)
        except ValueError:
            parsed = None
        if not is_mapping(parsed):
            raise CloudError("InvalidEventPatternException", "Event pattern is not valid. Reason: it is no JSON object")
    if schedule and not schedule.startswith(("rate(", "cron(")):
        raise CloudError("ValidationException", "Parameter ScheduleExpression is not valid.")


def _check_target(request: Request) -> None:
    rule = _on_bus(request, request.text("rule"), "/")
    if request.existing.find(rule, RULE) is None:
        problem = f"Rule {request.text('rule')} does not exist on EventBus {_bus(request)}."
        raise CloudError("ResourceNotFoundException", problem)
    if request.inputs.get("sagemakerPipelineTarget") is not None and not request.text("roleArn"):
        raise CloudError("ValidationException", f"RoleArn is required for target {request.text('arn')}.")

    # The provider's code takes the first element of the block as it is, and that is nil in an empty one.
    target = request.inputs.get("sagemakerPipelineTarget")
    if is_mapping(target) and not target.get("pipelineParameterLists"):
        raise CloudError("ProviderCrashed", "sagemakerPipelineTarget is empty: interface {} is nil, not map")


def _check_rule_delete(request: Request) -> None:
    if request.inputs.get("forceDestroy") is not True:
        targets = held_by("aws:cloudwatch/eventTarget:EventTarget", "rule")
        unless_held("ValidationException", "Rule can't be deleted since it has targets: {}", targets)(request)


def _target_id(request: Request) -> str:
    return request.text("targetId") or "terraform-" + request.hex("target", 26)


def _check_log_group(request: Request) -> None:
    days = request.inputs.get("retentionInDays") or 0
    if days not in _RETENTIONS:
        raise CloudError("InvalidParameterException", f"1 validation error detected: {days} is not a valid retention")


def find_log_group(request: Request, path: str) -> bool:
    """Tell whether the log group whose ARN is at `path` in the inputs exists."""
    arns = {record.outputs["arn"] for record in request.existing.of_type(LOG_GROUP)}
    return all(value.removesuffix(":*") in arns for value in values_at(request.inputs, path))


MODELS = (
    aws(
        "cloudwatch/eventRule:EventRule",
        properties="description eventBusName eventPattern forceDestroy isEnabled name namePrefix roleArn"
        " scheduleExpression state",
        tagged=True,
        name=NameRule(property="name", pattern=r"[.\-_A-Za-z0-9]{1,64}", code="ValidationException"),
        make_id=lambda request: _on_bus(request, physical_name(request), "/"),
        arn=lambda request: regional_arn(request, "events", f"rule/{_on_bus(request, _rule_name(request), '/')}"),
        references=(role_reference("roleArn", "ValidationException"),),
        check=_check_rule,
        check_delete=_check_rule_delete,
        defaults={"eventBusName": _BUS, "forceDestroy": False, "namePrefix": "", "state": "ENABLED"},
        outputs=lambda request: {"name": _rule_name(request)},
        replace_on="eventBusName name namePrefix",
    ),
    aws(
        "cloudwatch/eventTarget:EventTarget",
        properties="appsyncTarget batchTarget deadLetterConfig ecsTarget eventBusName forceDestroy httpTarget input"
        " inputPath inputTransformer kinesisTarget redshiftTarget retryPolicy roleArn runCommandTargets"
        " sagemakerPipelineTarget sqsTarget targetId",
        required="arn rule",
        make_id=lambda request: _on_bus(request, f"{request.text('rule')}-{_target_id(request)}", "-"),
        references=(role_reference("roleArn", "ValidationException"),),
        check=_check_target,
        defaults={"eventBusName": _BUS, "forceDestroy": False},
        outputs=lambda request: {
            "targetId": request.text("targetId")
            or request.id.removeprefix(_on_bus(request, f"{request.text('rule')}-", "-"))
        },
        replace_on="eventBusName rule targetId",
    ),
    aws(
        "cloudwatch/logGroup:LogGroup",
        properties="deletionProtectionEnabled kmsKeyId logGroupClass name namePrefix retentionInDays skipDestroy",
        tagged=True,
        name=NameRule(property="name", pattern=r"[.\-_/#A-Za-z0-9]{1,512}", code="InvalidParameterException"),
        make_id=physical_name,
        arn=lambda request: regional_arn(request, "logs", f"log-group:{request.id}"),
        taken_code="ResourceAlreadyExistsException",
        references=(
            key_reference("kmsKeyId", "InvalidParameterException", "The specified KMS Key Id could not be found: {}"),
        ),
        check=_check_log_group,
        defaults={
            "deletionProtectionEnabled": False,
            "logGroupClass": "STANDARD",
            "namePrefix": "",
            "retentionInDays": 0,
            "skipDestroy": False,
        },
        outputs=lambda request: {"name": given_name(request) or request.id},
        replace_on="logGroupClass name namePrefix",
    ),
)
