"""What the AWS provider's operations ask of AWS: each call, on which resource, with which condition keys."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from shared.permissions.aws_calls import ANY, AWS_CALLS, SELF, Call
from shared.permissions.aws_policy import AwsRequest
from shared.permissions.errors import UnknownTypeError
from shared.permissions.made_resource import MadeResource

Operation = Literal["create", "update", "delete", "read"]
PREFIX: Final = "aws:"
_TAGS: Final = frozenset({"CreateTags", "TagResource", "TagRole", "TagPolicy", "AddTags", "PutBucketTagging"})


class AwsAccount:
    """The resources of an account, of which one operation names others."""

    def __init__(self, resources: Iterable[MadeResource]) -> None:
        """Remember the resources: by id and, where they have one, by ARN."""
        known = [one for one in resources if one.token.startswith(PREFIX)]
        # Parts of a resource may have its id, and have no ARN.
        self._named = {one.id: one for one in known if _arn(one)} | {_arn(one): one for one in known if _arn(one)}

    def requests(self, operation: Operation, resource: MadeResource) -> Iterator[AwsRequest]:
        """Yield what one operation on one resource asks. Raises UnknownTypeError."""
        calls = AWS_CALLS.get(resource.token)
        if calls is None:
            raise UnknownTypeError(token=resource.token, table="shared/permissions/aws_calls.py")
        for call in getattr(calls, operation):
            if not call.only_with or resource.inputs.get(call.only_with):
                yield from self._asked(call, resource)

    def _asked(self, call: Call, resource: MadeResource) -> Iterator[AwsRequest]:
        for target in self._targets(call, resource):
            known = self._named.get(target)
            yield AwsRequest(
                action=call.action,
                resource=_arn(known) if known else target,
                context=dict(_context(call, resource, known)),
            )

    def _targets(self, call: Call, resource: MadeResource) -> list[str]:
        if call.on == SELF:
            return [_arn(resource)]
        if call.on == ANY or call.on.startswith("arn:"):
            return [call.on]
        named = resource.inputs.get(call.on)
        return [] if named is None else [str(one) for one in (named if isinstance(named, list) else [named])]


def _arn(resource: MadeResource) -> str:
    return str(resource.outputs.get("arn", ""))


def _context(call: Call, resource: MadeResource, target: MadeResource | None) -> Iterator[tuple[str, list[str]]]:
    if call.new or call.action.partition(":")[2] in _TAGS:
        yield from _tags("aws:RequestTag", resource.inputs)
    if target is not None and not call.new:
        yield from _tags("aws:ResourceTag", target.inputs)
    boundary = (target or resource).inputs.get("permissionsBoundary")
    if boundary:
        yield "iam:PermissionsBoundary", [str(boundary)]
    if call.passed_to:
        yield "iam:PassedToService", [call.passed_to]
    if call.made_by:
        yield "ec2:CreateAction", [call.made_by]


def _tags(key: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, value in inputs.get("tags", {}).items():
        yield f"{key}/{name}", [str(value)]
