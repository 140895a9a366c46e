"""Write the pages of this repository again, or with --print, print them as JSON: texts by path."""

import json
import sys
from pathlib import Path

from shared.stack_pages.errors import UnpricedTypeError
from shared.stack_pages.pages import pages


def main() -> None:
    """Do that."""
    root = Path(__file__).resolve().parents[2]
    try:
        made = pages(root)
    except UnpricedTypeError as error:
        sys.exit(str(error))
    if sys.argv[1:] == ["--print"]:
        json.dump(made, sys.stdout)
        return
    for path, text in made.items():
        (root / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
