"""The file of a plan set: it comes back whole, tells nothing, and any damage is refused."""

import base64
import io
import json
import logging
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.plan_set import archive
from shared.plan_set.archive import PlanSet, read, write
from shared.plan_set.container import seal
from shared.plan_set.errors import PlanSetFileError, PlanSetKeyError, PlanSetRefusedError
from shared.plan_set.local_key import LocalKey
from shared.plan_set.packing import pack
from tests.unit.plan_set.sample_plan_set import KEY, PLANS, manifest, stack

PLANTED = b"planted-property-value"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prod.plans"
    write(path, manifest(), PLANS, KEY)
    return path


def opened(file: Path, environment: str = "prod", key: Any = KEY) -> PlanSet:
    return read(file, environment=environment, key=key)


def refusal(file: Path, environment: str = "prod", key: Any = KEY) -> PlanSetRefusedError:
    with pytest.raises(PlanSetRefusedError) as caught:
        opened(file, environment, key)
    error = caught.value
    assert error.file == file
    assert error.differences
    assert str(error).startswith(f"the plan set {file} is refused: {error.differences[0]}")
    assert "\n" not in str(error)
    assert PLANTED.decode() not in f"{error!r}{error}{error.__dict__}"
    return error


def sealed(file: Path, content: bytes) -> Path:
    file.write_bytes(seal(content, environment="prod", key=KEY))
    return file


def zipped(*entries: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(name, data)
    return stream.getvalue()


def packed(**fields: Any) -> bytes:
    """Return the content of a plan set whose manifest has other fields than it should."""
    data = {**json.loads(manifest().model_dump_json()), **fields}
    plans = [(f"plans/{name}.json", plan) for name, plan in PLANS.items()]
    return zipped(("manifest.json", json.dumps(data).encode()), *plans)


def test_a_plan_set_comes_back_as_it_was_written(file: Path) -> None:
    found = opened(file)
    assert found.manifest == manifest()
    assert found.plans == PLANS
    assert list(found.plans) == ["identity", "key_vault"]


def test_only_its_user_may_read_it_and_nothing_else_stays_there(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_new_one_takes_the_place_of_the_old_one(file: Path) -> None:
    write(file, manifest(commit="abc"), PLANS, KEY)
    assert opened(file).manifest.commit == "abc"
    assert list(file.parent.iterdir()) == [file]


def test_it_tells_nothing_without_the_key(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    data = file.read_bytes()
    for said in (PLANTED, b"identity", b"storage", b"manifest"):
        assert said not in data
    header = json.loads(data.partition(b"\n")[0])
    assert sorted(header) == ["environment", "format", "key", "nonce", "version", "wrapped_key"]
    found = opened(file)
    assert PLANTED.decode() not in f"{found!r}{caplog.text}"
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY) == "LocalKey()"


def test_each_set_has_a_data_key_of_its_own(file: Path) -> None:
    before = file.read_bytes()
    write(file, manifest(), PLANS, KEY)
    after = file.read_bytes()
    first, second = (json.loads(data.partition(b"\n")[0]) for data in (before, after))
    assert first["wrapped_key"] != second["wrapped_key"]
    assert first["nonce"] != second["nonce"]
    keys = [KEY.unwrap(base64.b64decode(header["wrapped_key"]), "prod") for header in (first, second)]
    assert keys[0] != keys[1]


def test_the_same_content_makes_the_same_archive() -> None:
    assert pack(manifest(), PLANS) == pack(manifest(), dict(reversed(PLANS.items())))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_refused(file: Path, data: st.DataObject) -> None:
    whole = file.read_bytes()
    end = len(whole.partition(b"\n")[0])
    # Half of the places in the header: it is short, and each of its fields fails in its own way.
    place = data.draw(st.integers(0, end) | st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    other = file.with_name("damaged")
    other.write_bytes(damaged)
    refusal(other)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_cut_off_file_and_a_longer_one_are_refused(file: Path, data: st.DataObject) -> None:
    whole = file.read_bytes()
    other = file.with_name("damaged")
    other.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    refusal(other)
    other.write_bytes(whole + data.draw(st.binary(min_size=1, max_size=5)))
    refusal(other)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300))
def test_what_is_no_plan_set_is_refused(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    refusal(other)


@pytest.mark.parametrize(
    ("content", "difference"),
    [
        (b"", "it is empty"),
        (b"\n", "it is no plan set"),
        (b"[]\n", "it is no plan set"),
        (b"{}\n", "it is no plan set"),
        (b"[" * 20000, "it is no plan set"),
        (b"[" * 10000 + b"\n", "it is no plan set"),
        (b"\xff\xfe\n", "it is no plan set"),
        (zipped(("manifest.json", b"{}")), "it is no plan set"),
        (
            b'{"format": "ml-platform plan set", "version": 2}\n',
            "its format has version 2, and this program reads 1",
        ),
        (b'{"format": "ml-platform plan set", "version": 1}\n', "it was changed or cut off since it was written"),
    ],
)
def test_other_files_are_refused_with_what_they_are(tmp_path: Path, content: bytes, difference: str) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    assert refusal(other).differences == (difference,)


@pytest.mark.parametrize(
    ("content", "difference"),
    [
        (b"no archive", "its archive is damaged"),
        (zipped(("plans/identity.json", b"{}")), "it has no manifest"),
        (zipped(("manifest.json", b"{")), "its manifest is not JSON"),
        (zipped(("manifest.json", b"[]")), "its manifest is not JSON"),
        (packed(schema_version=2), "its manifest has version 2, and this program reads 1"),
        (packed(created="yesterday"), "its manifest is damaged at created"),
        (packed(surprise=PLANTED.decode()), "its manifest is damaged at surprise"),
        (packed(environment="dev"), "it was made for 'dev', and this is prod"),
    ],
)
def test_a_sealed_file_with_wrong_content_is_refused(tmp_path: Path, content: bytes, difference: str) -> None:
    assert refusal(sealed(tmp_path / "other", content)).differences == (difference,)


def test_the_plans_must_be_those_of_the_manifest(tmp_path: Path) -> None:
    one = ("manifest.json", manifest().model_dump_json().encode())
    identity, key_vault = ((f"plans/{name}.json", plan) for name, plan in PLANS.items())
    other = tmp_path / "other"
    missing = refusal(sealed(other, zipped(one, identity)))
    assert missing.differences == ("the plan of key_vault is missing",)
    changed = refusal(sealed(other, zipped(one, identity, ("plans/key_vault.json", PLANTED))))
    assert changed.differences == ("the plan of key_vault is not the one that its manifest names",)
    extra = refusal(sealed(other, zipped(one, identity, key_vault, ("plans/sagemaker.json", PLANTED))))
    assert extra.differences == ("it holds 'plans/sagemaker.json', which is not in its manifest",)
    outside = refusal(sealed(other, zipped(one, identity, key_vault, ("../outside", PLANTED))))
    assert outside.differences == ("it holds '../outside', which is not in its manifest",)


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    entry = ("manifest.json", manifest().model_dump_json().encode())
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(entry, entry)
    assert refusal(sealed(tmp_path / "other", content)).differences == ("a file is in it twice",)


def test_huge_files_are_refused_before_they_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as stream:
        stream.truncate(archive.MAX_BYTES + 1)
    assert refusal(huge).differences == (f"it has more than {archive.MAX_BYTES} bytes",)
    bomb = zipped(("manifest.json", b"0" * 200_000))
    assert len(bomb) < 2000
    monkeypatch.setattr(archive, "unpack", lambda content: archive_unpack(content, 100_000))
    assert refusal(sealed(tmp_path / "bomb", bomb)).differences == ("its files have more than 100000 bytes",)


archive_unpack = archive.unpack


def test_another_environment_and_another_key_are_both_named(file: Path) -> None:
    other = LocalKey(secret=b"2" * 32)
    error = refusal(file, "staging", other)
    assert error.differences == (
        "it was made for prod, and this is staging",
        f"it was encrypted with the key {KEY.url}, and the environment's is {other.url}",
    )


def test_a_header_that_says_the_same_in_other_bytes_is_refused(file: Path) -> None:
    line, _, rest = file.read_bytes().partition(b"\n")
    file.write_bytes(line + b" \n" + rest)
    assert refusal(file).differences == ("it was changed or cut off since it was written",)


def test_a_file_cannot_choose_its_key(file: Path) -> None:
    """Whoever changes a set could wrap a data key with a key of his own, and name that one in the header."""
    attacker = LocalKey(secret=b"3" * 32)
    file.write_bytes(seal(pack(manifest(), PLANS), environment="prod", key=attacker))
    assert "encrypted with the key" in refusal(file).differences[0]


def test_a_key_that_lies_about_its_name_cannot_open_it(file: Path) -> None:
    class Liar:
        url = KEY.url
        wrap = LocalKey(secret=b"4" * 32).wrap
        unwrap = LocalKey(secret=b"4" * 32).unwrap

    assert refusal(file, key=Liar()).differences == ("it was changed or cut off since it was written",)


def test_a_header_with_unprintable_names_is_not_repeated(file: Path) -> None:
    line, _, rest = file.read_bytes().partition(b"\n")
    header = {**json.loads(line), "environment": "\u001b[31mprod", "key": "x" * 5000}
    file.write_bytes(json.dumps(header).encode() + b"\n" + rest)
    assert refusal(file).differences == (
        "it was made for another, and this is prod",
        f"it was encrypted with the key another, and the environment's is {KEY.url}",
    )


def test_a_set_of_one_environment_is_none_of_another_with_the_same_key(file: Path) -> None:
    line, _, rest = file.read_bytes().partition(b"\n")
    file.write_bytes(line.replace(b'"prod"', b'"staging"') + b"\n" + rest)
    assert refusal(file, "staging").differences == ("it was changed or cut off since it was written",)


@pytest.mark.parametrize(
    ("name", "problem"), [("nowhere", "is not there"), ("folder", "cannot be read (Is a directory)")]
)
def test_a_file_that_cannot_be_read_is_another_error(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(PlanSetFileError) as caught:
        opened(tmp_path / name)
    assert (caught.value.file, caught.value.problem) == (tmp_path / name, problem)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("missing/prod.plans", "cannot be written: its folder is not there"),
        ("text/prod.plans", "cannot be written: its folder is not there"),
        ("folder", "cannot be written (Is a directory)"),
        ("x" * 300, "cannot be written (File name too long)"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, path: str, problem: str) -> None:
    (tmp_path / "text").write_text("no folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PlanSetFileError) as caught:
        write(tmp_path / path, manifest(), PLANS, KEY)
    assert (caught.value.file, caught.value.problem) == (tmp_path / path, problem)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["folder", "text"]


def test_a_write_that_fails_leaves_the_old_set(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PlanSetFileError, match="No space left on device"):
        write(file, manifest(commit="new"), PLANS, KEY)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_plans_that_are_not_the_manifests_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the plan of key_vault is missing"):
        write(tmp_path / "set", manifest(), {"identity": PLANS["identity"]}, KEY)
    with pytest.raises(ValueError, match="the plan of sagemaker is not in its manifest"):
        write(tmp_path / "set", manifest(), {**PLANS, "sagemaker": b""}, KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_used_passes_through(file: Path) -> None:
    class Denied:
        url = KEY.url

        def wrap(self, data_key: bytes, context: str) -> bytes:
            raise PlanSetKeyError(url=self.url, problem="access is denied", fix="ask for it")

        def unwrap(self, wrapped: bytes, context: str) -> bytes:
            raise PlanSetKeyError(url=self.url, problem="access is denied", fix="ask for it")

    with pytest.raises(PlanSetKeyError, match="access is denied; ask for it"):
        opened(file, key=Denied())
    with pytest.raises(PlanSetKeyError, match="access is denied"):
        write(file, manifest(), PLANS, Denied())


@pytest.mark.parametrize("name", ["../outside", "", ".hidden", "a/b", "a\x00b"])
def test_a_stack_that_cannot_be_a_file_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="should match pattern"):
        stack(name, {})


def test_a_stack_is_there_once() -> None:
    with pytest.raises(ValueError, match="a stack is there twice"):
        manifest(stacks=(stack("identity", {}), stack("identity", {})))


def test_many_differences_are_shown_in_part_and_kept_whole(tmp_path: Path) -> None:
    error = PlanSetRefusedError(file=tmp_path, differences=tuple(f"d{number}" for number in range(15)))
    assert "d9; and 5 more differences; make" in str(error)
    assert "d10" not in str(error)
    assert len(error.differences) == 15
