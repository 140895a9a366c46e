"""A key of AWS KMS wraps data keys, for one environment only."""

import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.environment import load
from shared.plan_set.archive import read, write
from shared.plan_set.aws_key import AwsKey, aws_key
from shared.plan_set.errors import PlanSetKeyError, WrapRefusedError
from shared.plan_set.key_choice import key_of
from tests.unit.plan_set.sample_plan_set import PLANS, manifest
from tests.unit.state_store.moto_aws import REGION, client, running_aws, use_aws

DATA_KEY = bytes(range(32))
ALIAS = f"awskms://alias/plan-sets?region={REGION}"


@pytest.fixture(scope="module")
def aws() -> Generator[str]:
    with running_aws() as url:
        yield url


@pytest.fixture
def kms(aws: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    use_aws(monkeypatch, aws)
    return client("kms", aws)


@pytest.fixture
def arn(kms: Any) -> Generator[str]:
    made = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/plan-sets", TargetKeyId=made["KeyId"])
    yield made["Arn"]
    kms.delete_alias(AliasName="alias/plan-sets")


def test_it_unwraps_what_it_wrapped(arn: str) -> None:
    wrapped = aws_key(ALIAS).wrap(DATA_KEY, "prod")
    assert DATA_KEY not in wrapped
    for url in (ALIAS, f"awskms:///{arn}", f"awskms://{arn.split('/')[1]}?region={REGION}&awssdk=v2"):
        assert aws_key(url).unwrap(wrapped, "prod") == DATA_KEY


def test_a_plan_set_goes_through_it(arn: str, tmp_path: Path) -> None:
    write(tmp_path / "set", manifest(), PLANS, aws_key(ALIAS))
    assert read(tmp_path / "set", environment="prod", key=aws_key(ALIAS)).plans == PLANS


@pytest.mark.usefixtures("arn")
def test_another_environment_is_refused() -> None:
    with pytest.raises(WrapRefusedError):
        aws_key(ALIAS).unwrap(aws_key(ALIAS).wrap(DATA_KEY, "prod"), "staging")


@pytest.mark.usefixtures("arn")
def test_a_changed_wrap_is_refused() -> None:
    wrapped = bytearray(aws_key(ALIAS).wrap(DATA_KEY, "prod"))
    wrapped[-1] ^= 1
    with pytest.raises(WrapRefusedError):
        aws_key(ALIAS).unwrap(bytes(wrapped), "prod")


@pytest.mark.usefixtures("kms")
def test_a_key_that_is_not_there_is_named() -> None:
    with pytest.raises(PlanSetKeyError) as caught:
        aws_key("awskms://alias/nowhere?region=eu-west-1").wrap(DATA_KEY, "prod")
    assert caught.value.problem == "AWS refused with NotFoundException"
    assert caught.value.fix == "name a key that exists in state.plan_set_key"


class Refusing:
    """What moto's server never answers. asked: the arguments of the calls."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.asked: list[Any] = []

    def encrypt(self, **arguments: Any) -> Any:
        self.asked.append(arguments)
        raise ClientError({"Error": {"Code": self.code, "Message": "planted words"}}, "Encrypt")

    decrypt = encrypt


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("AccessDeniedException", "ask for kms:Encrypt to save plan sets, and for kms:Decrypt to deploy them"),
        ("DisabledException", "enable the key"),
        ("KMSInvalidStateException", "enable the key, or cancel its deletion"),
        ("ExpiredTokenException", "run aws sso login, or set AWS_PROFILE"),
    ],
)
def test_a_refusal_says_what_helps(monkeypatch: pytest.MonkeyPatch, code: str, fix: str) -> None:
    monkeypatch.setattr(AwsKey, "_client", lambda self: Refusing(code))
    for call in (aws_key(ALIAS).wrap, aws_key(ALIAS).unwrap):
        with pytest.raises(PlanSetKeyError) as caught:
            call(DATA_KEY, "prod")
        assert (caught.value.problem, caught.value.fix) == (f"AWS refused with {code}", fix)
        assert "planted" not in str(caught.value)


@pytest.mark.parametrize("code", ["IncorrectKeyException", "InvalidCiphertextException"])
def test_what_another_key_wrapped_is_refused(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """KMS compares the ciphertext's key with the one that is named, so it must be named."""
    client = Refusing(code)
    monkeypatch.setattr(AwsKey, "_client", lambda self: client)
    with pytest.raises(WrapRefusedError):
        aws_key(ALIAS).unwrap(b"wrapped", "prod")
    assert client.asked[0]["KeyId"] == "alias/plan-sets"


def test_an_aws_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    use_aws(monkeypatch, "http://127.0.0.1:1")
    with pytest.raises(PlanSetKeyError, match=r"AWS did not answer \(EndpointConnectionError\)"):
        aws_key(ALIAS).unwrap(b"wrapped", "prod")


def test_a_profile_that_does_not_exist_is_named() -> None:
    with pytest.raises(PlanSetKeyError, match=r"AWS did not answer \(ProfileNotFound\); run aws sso login"):
        aws_key(f"{ALIAS}&profile=no-such-profile").wrap(DATA_KEY, "prod")


@pytest.mark.usefixtures("arn")
def test_no_data_key_in_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    key = aws_key(ALIAS)
    key.unwrap(key.wrap(DATA_KEY, "prod"), "prod")
    assert DATA_KEY.hex() not in f"{caplog.text}{key!r}"
    assert repr(DATA_KEY) not in caplog.text


@pytest.mark.parametrize(
    ("url", "key_id", "region", "profile"),
    [
        ("awskms://alias/a/b?region=eu-west-1&profile=p", "alias/a/b", "eu-west-1", "p"),
        ("awskms://1234abcd-12ab-34cd-56ef-1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890ab", None, None),
        (
            "awskms:///arn:aws:kms:us-east-1:111122223333:key/1",
            "arn:aws:kms:us-east-1:111122223333:key/1",
            "us-east-1",
            None,
        ),
    ],
)
def test_urls_are_those_of_pulumi(url: str, key_id: str, region: str | None, profile: str | None) -> None:
    assert aws_key(url) == AwsKey(url=url, key_id=key_id, region=region, profile=profile)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("awskms://", "is not one of AWS KMS"),
        ("https://alias/a", "is not one of AWS KMS"),
        (f"{ALIAS}&endpoint=example", "has the parameter endpoint"),
    ],
)
def test_another_url_is_refused(url: str, problem: str) -> None:
    with pytest.raises(PlanSetKeyError, match=problem):
        aws_key(url)


def test_the_environments_file_says_which_key() -> None:
    prod = load("prod")
    state = prod.state.model_copy(update={"plan_set_key": ALIAS})
    assert key_of(prod.model_copy(update={"state": state}), None) == aws_key(ALIAS)
