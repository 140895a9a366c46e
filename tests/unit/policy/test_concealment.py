"""No secret reaches a rendered file."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.policy.concealment import CONCEALED, concealed

MARK = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="abc"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="xyz"), inner, max_size=3),
)


def test_what_a_state_marks_as_a_secret_becomes_one_word() -> None:
    secret = {**MARK, "ciphertext": "v1:abc"}
    assert concealed({"a": [secret, {"b": secret}], "c": 1}) == {"a": [CONCEALED, {"b": CONCEALED}], "c": 1}


def test_a_decrypted_secret_and_a_shown_one_are_concealed_too() -> None:
    assert concealed({"a": {**MARK, "plaintext": '"hunter2"'}, "b": "[secret]"}) == {"a": CONCEALED, "b": CONCEALED}


@given(PLAIN)
def test_what_is_no_secret_stays_as_it_is(value: Any) -> None:
    assert concealed(value) == value


def test_another_marker_of_the_engine_is_no_secret() -> None:
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    assert concealed(asset) == asset
