"""A bucket refuses requests without TLS (Amazon, "Security best practices for Amazon S3")."""

from collections.abc import Iterator

from shared.policy.json_value import Json, at
from shared.policy.resource import Resource
from shared.policy.rules.documents import is_for_anybody, listed, statements_of
from shared.policy.rules.rule import Estate, Rule

_PLAIN: tuple[Json, ...] = tuple({"Bool": {"aws:SecureTransport": value}} for value in ("false", ["false"]))
_POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def _plain(resource: Resource, estate: Estate) -> str:
    policies = [one for one in estate.resources if one.type == _POLICY and one.inputs.get("bucket") == resource.id]
    denied = {arn for policy in policies for arn in _denied(policy)}
    bucket = f":::{resource.id}"
    whole = "*" in denied or {bucket, f"{bucket}/*"} <= {f":::{arn.partition(':::')[2]}" for arn in denied}
    return "" if whole else "its policy does not refuse requests without TLS for the bucket and all its objects"


def _denied(policy: Resource) -> Iterator[str]:
    """Yield the resources that nobody may use without TLS."""
    for statement in statements_of(policy.inputs.get("policy")) or []:
        if _refuses_plain(statement):
            yield from map(str, listed(at(statement, "Resource")))


def _refuses_plain(statement: Json) -> bool:
    everything = bool({"*", "s3:*"} & set(map(str, listed(at(statement, "Action")))))
    # Another condition beside it would let some plain requests through.
    plain = at(statement, "Condition") in _PLAIN
    return at(statement, "Effect") == "Deny" and is_for_anybody(statement) and everything and plain


RULES = (
    Rule(
        id="MLP_AWS_8",
        title="a bucket refuses requests without TLS",
        types=frozenset({"aws:s3/bucket:Bucket"}),
        problem=_plain,
        fix="use shared/components/encrypted_bucket.py",
    ),
)
