"""How long is waited before something is tried again."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from shared.exit_codes import ExitCode
from shared.orchestration.failures import Failure, all_transient, exit_code_of
from shared.orchestration.retries import REAL, SIMULATED, Patience

URN = "urn:pulumi:dev::key_vault::azure-native:keyvault:Key::cmk"
BUSY = Failure(urn=URN, message='Status=429 Code="TooManyRequests" Message="slow down"', operated=True)
WRONG = Failure(urn=URN, message='Status=400 Code="BadRequest" Message="no"', operated=True)
EXPIRED = Failure(urn=URN, message='Status=401 Code="ExpiredAuthenticationToken" Message="old"', operated=True)
PROGRAM = Failure(urn="", message="ValueError: no good")


@given(
    chances=st.lists(st.floats(0, 1), min_size=8, max_size=8),
    patience=st.sampled_from([REAL, SIMULATED, Patience(attempts=3, total=1.0)]),
)
def test_waits_are_bounded_in_number_length_and_sum(chances: list[float], patience: Patience) -> None:
    waited, retries = 0.0, 0
    while (pause := patience.pause(retries, waited, chances[retries])) is not None:
        assert 0 < pause <= patience.longest
        waited, retries = waited + pause, retries + 1
    assert retries < patience.attempts
    assert waited <= patience.total + 1e-9


def test_waits_grow_and_are_spread() -> None:
    patience = Patience(first=10, longest=1000, total=100_000)
    waits = [patience.pause(retries, 0, 0.5) or 0 for retries in range(4)]
    assert all(later == 2 * earlier for earlier, later in itertools.pairwise(waits))
    assert (patience.pause(0, 0, 0), patience.pause(0, 0, 1)) == (5, 10)


def test_one_thing_that_stays_wrong_is_enough_to_stop() -> None:
    assert all_transient([BUSY, BUSY])
    assert not all_transient([BUSY, WRONG])
    assert not all_transient([])


def test_the_exit_code_says_what_failed() -> None:
    assert exit_code_of([WRONG], 1) == ExitCode.RESOURCE
    assert exit_code_of([WRONG, EXPIRED], 1) == ExitCode.AUTHENTICATION
    assert exit_code_of([PROGRAM], 1) == ExitCode.ERROR
    assert exit_code_of([], 255) == ExitCode.INTERNAL


def test_a_wait_says_what_it_is_for() -> None:
    assert BUSY.waited_for == "cmk (429)"
