"""Preview the stacks of an environment against each other, and deploy what that came to."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.commands.looking import Looker
from shared.commands.ready import Ready
from shared.commands.running import Ran, preview, reviewed_by, update
from shared.orchestration.backend import states
from shared.orchestration.previews import Previews
from shared.orchestration.speculation import Speculation


def looked_at(prepared: Ready, *, everything: bool) -> Looker:
    """Return what looks at the stacks as they are now. everything: whether each counts as touched."""
    return Looker(prepared, states(prepared.session), everything=everything)


def reviewed(prepared: Ready, looker: Looker, *, verbose: bool = False) -> Ran:
    """Preview the selected stacks, but for those that the looker finds untouched."""
    with _previews(prepared, looker) as previews:
        return preview(prepared, previews, verbose=verbose)


def deployed(prepared: Ready, *, verbose: bool = False) -> Ran:
    """Preview the selected stacks, and deploy what that came to: for a stage that is thrown away."""
    ran = reviewed(prepared, looked_at(prepared, everything=True), verbose=verbose)
    if ran.report.result == "cancelled":
        return ran
    with reviewed_by(prepared, ran.outcomes, fresh_plans=True) as found:
        return update(prepared, found, verbose=verbose)


@contextmanager
def _previews(prepared: Ready, looker: Looker) -> Generator[Previews]:
    """Yield what previews know. Their scratch backends hold property values: nobody else may read them."""
    session = prepared.session
    session.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="preview-", dir=session.work) as folder:
        speculation = Speculation(Path(folder), session.environment.name, looker.checkpoints)
        yield Previews(speculation, looker)
