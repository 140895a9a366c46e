"""The mark that the programs are still to be applied to what a state was made to say."""

from pathlib import Path

from shared.state_store.noted_drift import is_marked, mark, unmark
from shared.state_store.opening import open_store


def test_a_mark_is_of_one_environment_and_stays_until_it_is_taken_away(tmp_path: Path) -> None:
    store = open_store(tmp_path.as_uri())
    unmark(store, "dev")
    mark(store, "dev")
    mark(store, "dev")
    assert (is_marked(store, "dev"), is_marked(store, "prod")) == (True, False)
    unmark(store, "dev")
    assert not is_marked(store, "dev")
