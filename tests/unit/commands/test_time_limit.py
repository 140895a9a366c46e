"""The flag --time-limit."""

import pytest

from shared.commands.arguments import Options, UsageError


def test_it_is_a_number_of_seconds_or_the_default() -> None:
    assert Options().seconds_per_resource(9000.0) == 9000.0
    assert Options(time_limit="0.5").seconds_per_resource(9000.0) == 0.5


@pytest.mark.parametrize("wrong", ["0", "-1", "soon", "nan", "inf", "1 h"])
def test_what_is_no_time_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError, match=r"--time-limit: .* is not a number of seconds above 0"):
        Options(time_limit=wrong).seconds_per_resource(9000.0)
