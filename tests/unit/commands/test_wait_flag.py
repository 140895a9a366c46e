"""How long a command waits for whoever works on the environment."""

import pytest

from shared.commands.arguments import Options, UsageError


def test_without_a_word_it_waits_until_a_dead_owner_elsewhere_is_known_to_be_dead() -> None:
    assert Options().seconds_to_wait() == 90


@pytest.mark.parametrize(("said", "seconds"), [("0", 0), ("7", 7), ("3600", 3600)])
def test_whole_seconds_are_taken(said: str, seconds: int) -> None:
    assert Options(wait=said).seconds_to_wait() == seconds


@pytest.mark.parametrize("said", ["-1", "1.5", "soon", " ", "²"])
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match=r"--wait: .* is not a whole number of at least 0; give the seconds to wait"):
        Options(wait=said).seconds_to_wait()
