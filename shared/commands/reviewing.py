"""Preview the stacks of an environment against each other, and deploy what that came to."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.commands.ready import Ready
from shared.commands.running import Ran, preview, reviewed_by, update
from shared.orchestration.backend import checkpoints
from shared.orchestration.previews import Previews
from shared.orchestration.speculation import Speculation


def reviewed(prepared: Ready, *, everything: bool, verbose: bool = False) -> Ran:
    """Preview the selected stacks. everything: also those that nothing has changed for."""
    with _previews(prepared, everything=everything) as previews:
        return preview(prepared, previews, verbose=verbose)


def deployed(prepared: Ready, *, verbose: bool = False, confirmed: frozenset[str] = frozenset()) -> Ran:
    """Preview the selected stacks, and deploy what that came to without asking."""
    ran = reviewed(prepared, everything=True, verbose=verbose)
    with reviewed_by(prepared, ran.outcomes) as found:
        return update(prepared, found, verbose=verbose, confirmed=confirmed)


@contextmanager
def _previews(prepared: Ready, *, everything: bool) -> Generator[Previews]:
    """Yield what previews know. Their scratch backends hold property values: nobody else may read them."""
    session = prepared.session
    session.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="preview-", dir=session.work) as folder:
        known = checkpoints(session, prepared.engine, prepared.deployed)
        speculation = Speculation(Path(folder), session.environment.name, known)
        yield Previews(speculation, {}, lambda *_: "")
