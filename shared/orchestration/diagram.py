"""The picture of the stacks in the README, drawn from the programs' signatures.

`python -m shared.orchestration.diagram` draws it again.
"""

import re
from pathlib import Path

from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of

_BEGIN = "<!-- the stacks: drawn by python -m shared.orchestration.diagram -->"
_END = "<!-- end of the stacks -->"
_BLOCK = re.compile(re.escape(_BEGIN) + r".*?" + re.escape(_END), re.DOTALL)


def with_diagram(text: str, root: Path) -> str:
    """Return the README's text with the picture of the stacks of the repository at `root`."""
    edges = "".join(f"    {upstream} --> {downstream}\n" for upstream, downstream in graph_of(discover(root)).edges)
    block = f"{_BEGIN}\n```mermaid\ngraph LR\n{edges}```\n{_END}"
    drawn, count = _BLOCK.subn(lambda _: block, text)
    return drawn if count else f"{text}\n{block}\n"


def main() -> None:
    """Draw the picture in the README of this repository again."""
    root = Path(__file__).resolve().parents[2]
    readme = root / "README.md"
    readme.write_text(with_diagram(readme.read_text(encoding="utf-8"), root), encoding="utf-8")


if __name__ == "__main__":
    main()
