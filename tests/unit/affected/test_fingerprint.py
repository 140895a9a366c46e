"""Fingerprints are kept as JSON, and compared in sentences."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.affected.environment_values import ABSENT, hash_of_value
from shared.affected.fingerprint_model import Fingerprint, FingerprintError, differences

TEXTS = st.text(max_size=8)
HASHES = st.dictionaries(TEXTS, TEXTS, max_size=4)
FINGERPRINTS = st.builds(
    Fingerprint, stack=st.just("one"), environment=st.just("prod"), sources=HASHES, values=HASHES, versions=HASHES
)


def _one(**changes: dict[str, str]) -> Fingerprint:
    parts: dict[str, dict[str, str]] = {"sources": {"a.py": "1"}, "values": {"x.y": "1"}, "versions": {"pulumi": "1"}}
    return Fingerprint(stack="one", environment="prod", **{**parts, **changes})


@given(FINGERPRINTS)
def test_what_is_written_is_read_again(fingerprint: Fingerprint) -> None:
    assert Fingerprint.from_json(fingerprint.to_json()) == fingerprint
    assert differences(fingerprint, fingerprint) == ()


@given(FINGERPRINTS, FINGERPRINTS)
def test_what_differs_has_as_many_sentences_as_parts(one: Fingerprint, other: Fingerprint) -> None:
    parts = [(one.sources, other.sources), (one.values, other.values), (one.versions, other.versions)]
    expected = sum(1 for a, b in parts for key in a.keys() | b.keys() if a.get(key) != b.get(key))
    assert len(differences(one, other)) == expected
    assert (one == other) == (differences(one, other) == ())


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({"sources": {"a.py": "0"}}, {}, "a.py changed"),
        ({"sources": {}}, {}, "a.py is part of it now"),
        ({}, {"sources": {}}, "a.py is not part of it any more"),
        ({"values": {"x.y": "0"}}, {}, "x.y changed in environments/prod.yaml"),
        ({"values": {"x.y": ABSENT}}, {}, "x.y was added to environments/prod.yaml"),
        ({}, {"values": {"x.y": ABSENT}}, "x.y was removed from environments/prod.yaml"),
        ({"values": {}}, {}, "x.y of environments/prod.yaml is read now"),
        ({}, {"values": {}}, "x.y of environments/prod.yaml is not read any more"),
        ({"versions": {"pulumi": "0"}}, {}, "pulumi is 1, was 0"),
        ({"versions": {}}, {}, "pulumi 1 is used now"),
        ({}, {"versions": {}}, "pulumi is not used any more"),
    ],
)
def test_differences_are_plain_sentences(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]], sentence: str
) -> None:
    assert differences(_one(**before), _one(**after)) == (sentence,)


def test_two_stacks_say_nothing_about_each_other() -> None:
    other = Fingerprint(stack="two", environment="prod", sources={}, values={}, versions={})
    with pytest.raises(ValueError, match="fingerprints of one in prod and of two in prod say nothing about each other"):
        differences(_one(), other)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is not an object"),
        ("{}", "its schema_version is not 1"),
        (json.dumps({"schema_version": 1}), "it has other fields"),
        (_one().to_json().replace('"prod"', "7"), "environment is no text"),
        (_one().to_json().replace('{"a.py": "1"}', '["a.py"]'), "sources is no mapping of texts"),
        (_one().to_json().replace('{"a.py": "1"}', '{"a.py": 1}'), "sources is no mapping of texts"),
    ],
)
def test_what_is_no_fingerprint_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FingerprintError, match=f"{problem}; deploy the stack again") as caught:
        Fingerprint.from_json(text)
    assert caught.value.problem == problem


def test_a_value_has_one_hash_however_its_keys_stand() -> None:
    assert hash_of_value({"a": 1, "b": [True]}) == hash_of_value({"b": [True], "a": 1})
    different = [1, 1.5, "1", True, None, [1], {"1": 1}, ABSENT]
    assert len({hash_of_value(value) for value in different}) == len(different)
    assert ABSENT not in {hash_of_value(value) for value in different}
