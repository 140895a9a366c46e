"""Environment files of a throw-away repository.

They start from samples: whoever fills in or changes environments/ changes no test.
"""

from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"


def text_of(name: str, root: Path = SAMPLE) -> str:
    return (root / "environments" / f"{name}.yaml").read_text(encoding="utf-8")


def written(root: Path, content: str | bytes, name: str = "prod") -> Path:
    """Write an environment's file into the repository at `root`, and return `root`."""
    folder = root / "environments"
    folder.mkdir(exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    (folder / f"{name}.yaml").write_bytes(data)
    return root


def replaced(text: str, old: str, new: str) -> str:
    """Return `text` with the one place that says `old` changed."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)
