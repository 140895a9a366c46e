"""Put a run's story into the page."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared.reporting.model import RunReport
from shared.reporting.page.story import story_of

_FOLDER = Path(__file__).parent
_FEW_BARS = 80
"""Steps that are all shown at once; of more, those of stacks that failed."""


def html_page(report: RunReport) -> str:
    """Return the report as one page that needs nothing else: no other file, no address, and no script to be read.

    Every text of the report is escaped, and a content security policy in the page allows its own style and script only.
    """
    story = story_of(report)
    style, script = (_FOLDER.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html").render(
        story=story,
        few_bars=sum(len(stack.bars) for stack in story.stacks) <= _FEW_BARS,
        style=Markup(style),  # noqa: S704  a file of ours
        script=Markup(script),  # noqa: S704  a file of ours
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    """Return what a content security policy names a text with ("Content Security Policy Level 3", hash-source)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
