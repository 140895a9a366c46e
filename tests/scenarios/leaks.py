"""Where a secret is in clear."""

from collections.abc import Iterator
from pathlib import Path


def places(secret: str, printed: str, state: Path) -> Iterator[str]:
    """Yield where a secret is in clear, in sentences: in what commands printed, and in files below a folder."""
    if secret in printed:
        yield f"{secret} is in what the commands print"
    for file in sorted(state.rglob("*")):
        if file.is_file() and secret.encode() in file.read_bytes():
            yield f"{secret} is in {file.relative_to(state)}"
