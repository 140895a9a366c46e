"""AWS policies are evaluated as IAM does, and what is not understood is refused."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.permissions.aws_policy import AwsRequest, PolicyStatement, aws_allows, statements_of
from shared.permissions.errors import UnknownGrantError

BUCKET = "arn:aws:s3:::data"
NAMES = st.text(alphabet="abcXYZ:/-", min_size=1, max_size=12)


def policy(*statements: dict[str, Any]) -> tuple[PolicyStatement, ...]:
    usual = {"Sid": "One", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    return statements_of(json.dumps({"Version": "2012-10-17", "Statement": [{**usual, **one} for one in statements]}))


def allows(
    *statements: dict[str, Any],
    action: str = "s3:GetObject",
    on: str = BUCKET,
    context: Mapping[str, Sequence[str]] | None = None,
) -> bool:
    return aws_allows(policy(*statements), AwsRequest(action=action, resource=on, context=context or {}))


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


@given(action=NAMES, resource=NAMES)
def test_nothing_is_allowed_by_nothing_and_a_denial_wins(action: str, resource: str) -> None:
    request = AwsRequest(action=action, resource=resource)
    everything = {"Action": "*", "Resource": "*"}
    assert not aws_allows((), request)
    assert aws_allows(policy(everything), request)
    assert not aws_allows(policy(everything, {**everything, "Effect": "Deny"}), request)
    assert not aws_allows(policy({**everything, "Effect": "Deny"}), request)


@given(prefix=NAMES, rest=NAMES)
def test_a_star_is_any_rest_and_nothing_else(prefix: str, rest: str) -> None:
    assert allows({"Resource": f"{prefix}*"}, on=prefix + rest)
    assert not allows({"Resource": prefix}, on=prefix + rest)
    assert not allows({"Resource": f"{prefix}*"}, on="!" + prefix + rest)


@given(actions=st.lists(NAMES, min_size=1), boundary=st.lists(NAMES, min_size=1), asked=NAMES)
def test_a_boundary_only_takes_away(actions: list[str], boundary: list[str], asked: str) -> None:
    request = AwsRequest(action=asked, resource=BUCKET)
    statements, limit = policy({"Action": actions}), policy({"Action": boundary})
    both = aws_allows(statements, request) and aws_allows(limit, request)
    assert aws_allows(statements, request, boundary=limit) is both


def test_actions_have_any_case_and_resources_have_theirs() -> None:
    assert allows({"Action": "S3:getobject"})
    assert not allows({"Resource": BUCKET.upper()})
    assert allows({"Action": "s3:Get?bject"})


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (when("StringEquals", "k", "a", "b"), ["b"], True),
        (when("StringEquals", "k", "a"), ["A"], False),
        (when("StringEquals", "k", "a"), None, False),
        (when("StringEqualsIfExists", "k", "a"), None, True),
        (when("StringEqualsIgnoreCase", "k", "a"), ["A"], True),
        (when("StringNotEquals", "k", "a"), ["b"], True),
        (when("StringNotEquals", "k", "a"), None, True),
        (when("StringLike", "k", "a*"), ["abc"], True),
        (when("ArnLike", "k", "arn:aws:iam::*:role/x"), ["arn:aws:iam::1:role/x"], True),
        (when("ArnNotEquals", "k", "arn:1"), ["arn:1"], False),
        (when("Null", "k", "true"), None, True),
        (when("Null", "k", "true"), ["a"], False),
        (when("Null", "k", "false"), ["a"], True),
        (when("Bool", "k", "false"), ["False"], True),
        (when("NumericLessThan", "k", "1.2"), ["1.0"], True),
        (when("ForAllValues:StringEquals", "k", "a"), ["a", "b"], False),
        (when("ForAllValues:StringEquals", "k", "a"), None, True),
        (when("ForAnyValue:StringEquals", "k", "a"), ["a", "b"], True),
    ],
)
def test_conditions(condition: dict[str, Any], value: list[str] | None, expected: bool) -> None:
    context = {} if value is None else {"k": value}
    assert allows(condition, context=context) is expected


def test_all_tests_of_a_condition_must_hold() -> None:
    both = {"Condition": {"StringEquals": {"aws:x": "1", "aws:y": "2"}}}
    assert allows(both, context={"aws:x": ["1"], "aws:y": ["2"]})
    assert not allows(both, context={"aws:x": ["1"]})


@pytest.mark.parametrize(
    "statement",
    [
        {"NotAction": "s3:*"},
        {"Effect": "Maybe"},
        when("DateLessThan", "k", "2030-01-01"),
        when("StringEquals", "k", "${aws:username}"),
    ],
)
def test_what_is_not_understood_is_refused(statement: dict[str, Any]) -> None:
    with pytest.raises(UnknownGrantError):
        allows(statement, context={"k": ["1"]})


def test_principals_of_a_resources_policy_are_named_with_their_kind() -> None:
    (statement,) = policy({"Principal": {"AWS": ["b", "a"], "Service": "s"}})
    assert statement.principals == ("AWS a", "AWS b", "Service s")
    assert policy({"Principal": "*"})[0].principals == ("*",)


def test_a_denial_outside_of_something_is_about_all_else() -> None:
    outside = {"Effect": "Deny", "Resource": [], "NotResource": [f"{BUCKET}/definitions/*"]}
    assert allows({}, outside, on=f"{BUCKET}/definitions/one.json")
    assert not allows({}, outside, on=f"{BUCKET}/data/one.csv")
