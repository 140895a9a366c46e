"""The key of a simulated environment: made once, for its user only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.environment import load
from shared.plan_set.errors import PlanSetKeyError, WrapRefusedError
from shared.plan_set.key_choice import key_of
from shared.plan_set.local_key import FILE_NAME, LocalKey, local_key


def test_it_is_made_once_with_32_bytes_for_its_user_only(tmp_path: Path) -> None:
    first = local_key(tmp_path / "state")
    file = tmp_path / "state" / FILE_NAME
    assert (stat.S_IMODE(file.stat().st_mode), len(file.read_bytes())) == (0o600, 32)
    assert local_key(tmp_path / "state") == first
    assert [found.name for found in file.parent.iterdir()] == [FILE_NAME]
    assert local_key(tmp_path / "other") != first


def test_first_runs_side_by_side_agree_on_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        found = set(threads.map(lambda _: local_key(tmp_path).url, range(32)))
    assert len(found) == 1
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_it_unwraps_what_it_wrapped_for_the_same_environment_only() -> None:
    key = LocalKey(secret=b"1" * 32)
    wrapped = key.wrap(b"d" * 32, "prod")
    assert key.unwrap(wrapped, "prod") == b"d" * 32
    assert b"d" * 8 not in wrapped
    assert key.wrap(b"d" * 32, "prod") != wrapped
    for other, given, context in [
        (key, wrapped, "staging"),
        (key, wrapped[:-1], "prod"),
        (key, b"", "prod"),
        (LocalKey(secret=b"2" * 32), wrapped, "prod"),
    ]:
        with pytest.raises(WrapRefusedError):
            other.unwrap(given, context)


def test_its_name_tells_it_apart_and_not_what_it_is() -> None:
    key = LocalKey(secret=b"1" * 32)
    assert key.url != LocalKey(secret=b"2" * 32).url
    assert key.url.startswith("local:")
    assert key.secret.hex()[:8] not in key.url


@pytest.mark.parametrize("content", [b"", b"short", b"1" * 33])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(PlanSetKeyError, match="does not have 32 bytes; delete it"):
        local_key(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no folder")
    with pytest.raises(PlanSetKeyError, match="cannot be read or made"):
        local_key(tmp_path / "text")


def test_simulated_clouds_have_the_key_of_their_state_folder(tmp_path: Path) -> None:
    assert key_of(load("sandbox"), tmp_path) == local_key(tmp_path)


def test_the_rehearsal_of_a_real_environment_uses_no_real_key(tmp_path: Path) -> None:
    assert key_of(load("prod"), tmp_path) == local_key(tmp_path)


def test_a_simulated_environment_without_a_state_folder_has_no_key() -> None:
    with pytest.raises(PlanSetKeyError, match=r"environments/sandbox\.yaml: state\.plan_set_key is null"):
        key_of(load("sandbox"), None)
