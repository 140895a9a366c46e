"""The mark that a state was made to say what the clouds have, and that the programs are still to be applied."""

from shared.state_store.store import StateStore


def mark(store: StateStore, environment: str) -> None:
    """Leave the mark. Raises StateStoreError."""
    store.put(_name(environment), b"{}")


def is_marked(store: StateStore, environment: str) -> bool:
    """Return whether it is there. Raises StateStoreError."""
    return store.get(_name(environment)) is not None


def unmark(store: StateStore, environment: str) -> None:
    """Take it away, if it is there. Raises StateStoreError."""
    store.delete(_name(environment))


def _name(environment: str) -> str:
    return f"noted-drift/{environment}.json"
