"""An endpoint in our network lets through what our account does, or what is named, and nothing else.

Without a policy it lets everything through, to anybody's bucket too (AWS, "Control access to VPC endpoints using
endpoint policies").
"""

from shared.policy.json_value import Json, at
from shared.policy.resource import Resource
from shared.policy.rules.documents import bound_keys, is_for_anybody, listed, statements_of
from shared.policy.rules.rule import Estate, Rule

_OURS = frozenset(
    f"aws:{name}"
    for name in (
        *("principalaccount", "principalarn", "principalorgid", "principalorgpaths"),
        *("resourceaccount", "resourceorgid", "resourceorgpaths"),
    )
)
_PARTS = 6  # arn, partition, service, region, account, resource


def _lets_through(resource: Resource, _: Estate) -> str:
    statements = statements_of(resource.inputs.get("policy"))
    if statements is None:
        return "it has no policy that can be read, so it lets everything through"
    free = [str(at(one, "Sid") or "a statement") for one in statements if _is_free(one)]
    return f"{', '.join(free)} lets anybody through to anything" if free else ""


def _is_free(statement: Json) -> bool:
    if at(statement, "Effect") != "Allow" or not is_for_anybody(statement) or bound_keys(statement) & _OURS:
        return False
    resources = [str(one) for one in listed(at(statement, "Resource"))]
    return not resources or not all(_is_named(one) for one in resources)


def _is_named(arn: str) -> bool:
    """Tell whose thing an ARN is: it names an account, or a bucket, whose names are unique in the world."""
    parts = arn.split(":", _PARTS - 1)
    if len(parts) < _PARTS:
        return False
    owner = parts[4] or parts[5].partition("/")[0]
    return "*" not in owner and "?" not in owner


RULES = (
    Rule(
        id="MLP_AWS_9",
        title="an endpoint of a service lets through what is ours only",
        types=frozenset({"aws:ec2/vpcEndpoint:VpcEndpoint"}),
        problem=_lets_through,
        fix="a policy with aws:PrincipalAccount in every statement, as in stacks/sagemaker/endpoints.py",
    ),
)
