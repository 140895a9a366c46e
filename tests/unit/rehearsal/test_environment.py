"""The environment that is rehearsed is the real one, with ids where it has none."""

from pathlib import Path

import pytest

from shared.environment import load, missing_ids
from shared.rehearsal.environment import rehearsed, write_environment
from tests.unit.environment.files import SAMPLE, replaced, text_of, written


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_missing_ids_are_invented_and_nothing_else_changes(name: str) -> None:
    real = load(name, SAMPLE)
    made = rehearsed(real)
    assert missing_ids(made) == ()
    assert made == rehearsed(real)
    different = {key for key in real.model_dump() if getattr(real, key) != getattr(made, key)}
    assert different == {"azure", "aws", "github"}
    assert made.azure.model_copy(update={"tenant_id": None, "subscription_id": None}) == real.azure


def test_environments_do_not_share_invented_ids() -> None:
    made = [rehearsed(load(name, SAMPLE)) for name in ("dev", "staging", "prod")]
    assert len({one.azure.subscription_id for one in made}) == 3
    assert len({one.aws.account_id for one in made}) == 3


def test_ids_that_are_known_stay(tmp_path: Path) -> None:
    text = replaced(text_of("prod"), "account_id: null", 'account_id: "000000000001"')
    assert rehearsed(load("prod", written(tmp_path, text))).aws.account_id == "000000000001"
    assert rehearsed(load("sandbox", SAMPLE)) == load("sandbox", SAMPLE)


def test_another_generation_can_be_rehearsed() -> None:
    assert rehearsed(load("prod", SAMPLE), generation=7).generation == 7


@pytest.mark.parametrize("name", ["dev", "staging", "prod", "sandbox"])
def test_a_written_environment_is_read_back_as_it_was(name: str, tmp_path: Path) -> None:
    made = rehearsed(load(name, SAMPLE))
    (tmp_path / "environments").mkdir()
    write_environment(made, tmp_path / "environments")
    assert load(name, tmp_path) == made
