"""A place with the two small stacks, for what is measured on the real engine."""

from pathlib import Path

from shared.bench.place import Place, copied
from shared.engine import find_engine
from tests.sandbox.small_platform import small_platform


def measured_platform(folder: Path) -> Place:
    """Return a place in `folder`."""
    made = small_platform(folder)
    return copied(made.root, folder / "bench", find_engine(lambda _: None))


def change(place: Place, file: str, old: str, new: str) -> None:
    """Replace `old`, which must be there once, by `new` in a file of the place."""
    path = place.root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
