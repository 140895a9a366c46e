"""One behaviour on files, S3 and Azure Blob Storage."""

import stat
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from azure.core.credentials import AccessToken

from shared.reserved_names import azure_credential
from shared.state_store.errors import StateStoreError
from shared.state_store.opening import open_store
from shared.state_store.places import AzurePlace, FilePlace, S3Place, place_of
from shared.state_store.store import StateStore
from tests.unit.state_store.fake_blobs import ACCOUNT, KEY, Blobs, running_blobs
from tests.unit.state_store.moto_aws import REGION, client, port_of, running_aws, use_aws

BUCKET = "state-bucket"


@pytest.fixture(scope="module")
def aws() -> Generator[str]:
    with running_aws() as url:
        made = {"LocationConstraint": REGION}
        client("s3", url).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=made)
        yield url


@pytest.fixture(scope="module")
def azure() -> Generator[Blobs]:
    with running_blobs() as blobs:
        yield blobs


@pytest.fixture
def bucket(aws: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of a bucket, as Pulumi writes it."""
    use_aws(monkeypatch, aws)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    return f"s3://{BUCKET}?endpoint=127.0.0.1:{port_of(aws)}&disableSSL=true&s3ForcePathStyle=true&region={REGION}"


@pytest.fixture
def container(azure: Blobs, monkeypatch: pytest.MonkeyPatch) -> str:
    azure.blobs.clear()
    azure.authorizations.clear()
    monkeypatch.setenv("AZURE_STORAGE_KEY", KEY)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", ACCOUNT)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return azure.url


@pytest.fixture(params=["file", "s3", "azblob"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StateStore:
    urls: Mapping[str, Callable[[], str]] = {
        "file": lambda: f"file://{tmp_path / 'state'}",
        "s3": lambda: request.getfixturevalue("bucket"),
        "azblob": lambda: request.getfixturevalue("container"),
    }
    return open_store(urls[request.param]())


def test_objects_come_back_as_they_were_written(store: StateStore) -> None:
    assert store.get("a/b.json") is None
    store.put("a/b.json", b"one")
    assert store.get("a/b.json") == b"one"
    store.put("a/b.json", b"")
    assert store.get("a/b.json") == b""
    store.delete("a/b.json")
    assert store.get("a/b.json") is None
    store.delete("a/b.json")


def test_an_object_is_created_once(store: StateStore) -> None:
    assert store.create("lease/prod", b"first")
    assert not store.create("lease/prod", b"second")
    assert store.get("lease/prod") == b"first"
    store.delete("lease/prod")
    assert store.create("lease/prod", b"third")
    store.delete("lease/prod")


def test_of_several_at_once_one_creates(store: StateStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda number: store.create("race/one", str(number).encode()), range(16)))
    assert made.count(True) == 1
    assert store.get("race/one") == str(made.index(True)).encode()
    store.delete("race/one")


def test_an_object_is_replaced_where_it_is_still_the_one_that_was_read(store: StateStore) -> None:
    assert store.get_versioned("lease/prod") is None
    assert not store.replace("lease/prod", b"never", "some-version")
    assert store.get("lease/prod") is None
    store.put("lease/prod", b"first")
    first = store.get_versioned("lease/prod")
    assert first
    assert first.content == b"first"
    assert store.replace("lease/prod", b"second", first.version)
    assert not store.replace("lease/prod", b"third", first.version)
    second = store.get_versioned("lease/prod")
    assert second
    assert second.content == b"second"
    assert store.replace("lease/prod", b"fourth", second.version)
    store.delete("lease/prod")
    assert not store.replace("lease/prod", b"fifth", second.version)
    assert store.get("lease/prod") is None


def test_of_several_at_once_one_replaces(store: StateStore) -> None:
    store.put("race/two", b"before")
    before = store.get_versioned("race/two")
    assert before
    with ThreadPoolExecutor(8) as threads:
        made = list(
            threads.map(lambda number: store.replace("race/two", str(number).encode(), before.version), range(16))
        )
    assert made.count(True) == 1
    assert store.get("race/two") == str(made.index(True)).encode()
    store.delete("race/two")


def test_replacing_leaves_nothing_that_is_listed_or_open_to_others(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    store.put("lease/prod", b"one")
    found = store.get_versioned("lease/prod")
    assert found
    assert store.replace("lease/prod", b"two", found.version)
    assert store.list("lease") == ("lease/prod",)
    files = [path for path in (tmp_path / ".ml-platform").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_folder_lists_what_is_in_it(store: StateStore) -> None:
    for name in ("run/2.json", "run/1.json", "run/deep/3.json", "runs/4.json", "run.json"):
        store.put(name, b"x")
    assert store.list("run") == ("run/1.json", "run/2.json", "run/deep/3.json")
    assert store.list("nothing") == ()
    for name in (*store.list("run"), "runs/4.json", "run.json"):
        store.delete(name)
    assert store.list("run") == ()


@pytest.mark.parametrize("name", ["", "/a", "a/", "a//b", "../a", "a/../b", ".", "a/.b", "a b", "ä", "a\\b", "a\x00"])
def test_other_names_are_refused(store: StateStore, name: str) -> None:
    calls: tuple[Callable[[], Any], ...] = (
        lambda: store.get(name),
        lambda: store.get_versioned(name),
        lambda: store.replace(name, b"", "version"),
        lambda: store.put(name, b""),
        lambda: store.create(name, b""),
        lambda: store.delete(name),
        lambda: store.list(name),
    )
    for call in calls:
        with pytest.raises(ValueError, match="is no name of an object"):
            call()


def test_files_are_for_their_user_only(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/state")
    store.put("deployed/prod/identity.json", b"x")
    assert store.create("lease/prod", b"x")
    top = tmp_path / "state" / ".ml-platform"
    modes = {path.relative_to(top.parent).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in top.rglob("*")}
    assert modes == {
        ".ml-platform/deployed": 0o700,
        ".ml-platform/deployed/prod": 0o700,
        ".ml-platform/deployed/prod/identity.json": 0o600,
        ".ml-platform/lease": 0o700,
        ".ml-platform/lease/prod": 0o600,
    }
    assert stat.S_IMODE(top.stat().st_mode) == 0o700


def test_a_folder_with_a_space_is_the_engines(tmp_path: Path) -> None:
    folder = tmp_path / "my state"
    open_store(f"file://{quote(str(folder))}").put("a", b"x")
    assert (folder / ".ml-platform" / "a").read_bytes() == b"x"


def test_objects_in_a_bucket_lie_in_our_folder(bucket: str, aws: str) -> None:
    open_store(bucket).put("a", b"x")
    open_store(bucket.replace("?", "/team/one?")).put("b", b"x")
    found = client("s3", aws).list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [one["Key"] for one in found] == [".ml-platform/a", "team/one/.ml-platform/b"]
    open_store(bucket).delete("a")


def test_objects_at_rest_are_encrypted_as_the_url_says(bucket: str, aws: str) -> None:
    store = open_store(f"{bucket}&ssetype=AES256")
    store.put("encrypted", b"x")
    found = client("s3", aws).head_object(Bucket=BUCKET, Key=".ml-platform/encrypted")
    assert found["ServerSideEncryption"] == "AES256"
    store.delete("encrypted")


def test_the_endpoint_of_the_variables_counts_too(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use_aws(monkeypatch, aws)
    store = open_store(f"s3://{BUCKET}?region={REGION}")
    assert store.create("by-variable", b"x")
    store.delete("by-variable")


def test_blobs_lie_in_our_folder(container: str, azure: Blobs) -> None:
    open_store(container).put("a/b", b"x")
    assert azure.blobs == {".ml-platform/a/b": b"x"}
    assert azure.authorizations[0].startswith("SharedKey devstoreaccount1:")


def test_blobs_take_the_login_where_there_is_no_key(
    container: str, azure: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Login:
        def get_token(self, *scopes: str, **_: object) -> AccessToken:
            assert scopes == ("https://storage.azure.com/.default",)
            return AccessToken("the-token", 4_000_000_000)

    monkeypatch.delenv("AZURE_STORAGE_KEY")
    monkeypatch.setattr(azure_credential, "credential", lambda subscription, variables: Login())
    store = open_store(container)
    store.put("a", b"x")
    assert store.get("a") == b"x"
    assert set(azure.authorizations) == {"Bearer the-token"}


def test_a_login_without_a_token_is_an_error_of_the_store(container: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_KEY")
    monkeypatch.setenv("ARM_USE_OIDC", "true")
    monkeypatch.setenv("ARM_TENANT_ID", "5a4d0b0c-0000-4000-8000-00000000a001")
    monkeypatch.setenv("ARM_CLIENT_ID", "5a4d0b0c-0000-4000-8000-00000000a003")
    monkeypatch.setenv("ARM_OIDC_TOKEN_FILE_PATH", "/nonexistent/token")
    with pytest.raises(StateStoreError) as caught:
        open_store(container).get("a")
    assert "\n" not in str(caught.value)


def test_a_signature_stands_in_no_error(container: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_KEY")
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2024-11-04&sig=planted%2Fsignature")
    with pytest.raises(StateStoreError) as caught:
        open_store(container.replace("azblob://state", "azblob://elsewhere")).put("a", b"x")
    assert "planted" not in f"{caught.value}{caught.value!r}{caught.value.__dict__}"


def test_a_bucket_that_is_not_there_is_an_error_and_not_an_empty_one(bucket: str) -> None:
    store = open_store(bucket.replace(BUCKET, "no-such-bucket"))
    for call in (lambda: store.get("a"), lambda: store.put("a", b""), lambda: store.list("a")):
        with pytest.raises(StateStoreError) as caught:
            call()
        assert caught.value.backend == "s3://no-such-bucket"
        assert "\n" not in str(caught.value)
        assert "<" not in str(caught.value)


def test_a_backend_that_does_not_answer_is_an_error_soon(bucket: str) -> None:
    store = open_store(f"s3://{BUCKET}?endpoint=127.0.0.1:1&disableSSL=true&region={REGION}")
    for call in (lambda: store.get("a"), lambda: store.list("a"), lambda: store.put("a", b"")):
        with pytest.raises(StateStoreError) as caught:
            call()
        assert str(caught.value) == (
            "the store beside the state in s3://state-bucket cannot be used: "
            "Generic S3 error: HTTP error: error sending request"
        )


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no folder")
    with pytest.raises(StateStoreError, match="Not a directory"):
        open_store(f"file://{tmp_path}/text/state")


def test_a_folder_in_the_place_of_an_object_is_an_error(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    store.put("a/b", b"x")
    with pytest.raises(StateStoreError):
        store.put("a", b"x")


def test_without_a_login_for_aws_nothing_is_opened(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StateStoreError, match=r"there is no login for AWS \(ProfileNotFound\); run aws sso login"):
        open_store(f"{bucket}&profile=no-such-profile")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(StateStoreError, match="it names no region; add region=REGION to state"):
        open_store(f"s3://{BUCKET}")


@pytest.mark.parametrize(
    ("backend", "place"),
    [
        ("file:///a/b%20c?no_tmp_dir=true", FilePlace(folder=Path("/a/b c/.ml-platform"))),
        ("file://~/state", FilePlace(folder=Path.home() / "state/.ml-platform")),
        ("file://.sandbox/state", FilePlace(folder=Path.cwd() / ".sandbox/state/.ml-platform")),
        (
            "s3://bucket/a/b/?region=eu-west-1&profile=p&awssdk=v2",
            S3Place(bucket="bucket", prefix="a/b/.ml-platform", region="eu-west-1", endpoint=None, profile="p"),
        ),
        (
            "s3://bucket?endpoint=store:9000&disable_https=true&ssetype=aws:kms&kmskeyid=alias/x",
            S3Place(
                bucket="bucket",
                prefix=".ml-platform",
                region=None,
                endpoint="http://store:9000",
                profile=None,
                encryption="aws:kms",
                encryption_key="alias/x",
            ),
        ),
        (
            "s3://bucket?endpoint=store:9000",
            S3Place(bucket="bucket", prefix=".ml-platform", region=None, endpoint="https://store:9000", profile=None),
        ),
        (
            "azblob://state?storage_account=account",
            AzurePlace(account="account", container="state", prefix=".ml-platform", endpoint=None),
        ),
        (
            "azblob://state/x?storage_account=account&domain=blob.core.usgovcloudapi.net",
            AzurePlace(
                account="account",
                container="state",
                prefix="x/.ml-platform",
                endpoint="https://account.blob.core.usgovcloudapi.net",
            ),
        ),
    ],
)
def test_backends_are_where_the_engine_looks(backend: str, place: object) -> None:
    assert place_of(backend, {}) == place


def test_an_account_of_the_variables_counts_too() -> None:
    found = place_of("azblob://state", {"AZURE_STORAGE_ACCOUNT": "account"})
    assert isinstance(found, AzurePlace)
    assert found.account == "account"


@pytest.mark.parametrize(
    ("backend", "problem"),
    [
        ("gs://bucket", "it is no file://, s3:// or azblob:// URL"),
        ("s3://", "it is no file://, s3:// or azblob:// URL"),
        ("https://app.pulumi.com", "it is no file://, s3:// or azblob:// URL"),
        ("s3://bucket?role=arn:aws:iam::1:role/x", "the parameter role of its URL is not known here"),
        ("azblob://state", "it names no storage account; add"),
        ("azblob://state?storage_account=a&cdn=true", "the parameter cdn of its URL is not known here"),
    ],
)
def test_other_backends_are_refused(backend: str, problem: str) -> None:
    with pytest.raises(StateStoreError, match=problem):
        open_store(backend, variables={})
