"""Policies of AWS's own that allow far more than one job needs, AmazonSageMakerFullAccess first of all.

No rule of Checkov looks for them on roles by name, apart from AdministratorAccess. Source: "AWS Managed Policy
Reference".
"""

from collections.abc import Iterator

from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule

_OF_AWS = ":iam::aws:policy/"
_WIDE = frozenset({"AdministratorAccess", "PowerUserAccess", "SystemAdministrator"})


def _too_wide(resource: Resource, _: Estate) -> str:
    wide = [arn.rpartition("/")[2] for arn in _attached(resource) if _is_wide(arn)]
    return f"{' and '.join(wide)} allow far more than the role needs" if wide else ""


def _attached(resource: Resource) -> Iterator[str]:
    if isinstance(arn := resource.inputs.get("policyArn"), str):
        yield arn
    for name in ("managedPolicyArns", "policyArns"):
        yield from (arn for arn in resource.inputs.get(name) or [] if isinstance(arn, str))


def _is_wide(arn: str) -> bool:
    name = arn.rpartition("/")[2]
    return _OF_AWS in arn and (name.endswith("FullAccess") or name in _WIDE)


RULES = (
    Rule(
        id="MLP_AWS_1",
        title="no role has a policy of AWS's own that allows everything in a service",
        types=frozenset(
            {
                "aws:iam/policyAttachment:PolicyAttachment",
                "aws:iam/role:Role",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
            }
        ),
        problem=_too_wide,
        fix="write the statements that the role needs: shared/components/scoped_role.py",
    ),
)
