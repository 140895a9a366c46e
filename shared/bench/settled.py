"""State folders of a place's sandbox: with everything deployed, or with nothing but the stacks' settings."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shared.bench.errors import UnexpectedResultError
from shared.bench.place import ENVIRONMENT, Place
from shared.bench.timing import Ended, Watch, timed

_NO_CHANGE = "a preview without a change"


def deployed(place: Place) -> Path:
    """Return the state folder of the place in which everything is deployed; deploy it, if that was not done yet."""
    state = place.folder / "deployed"
    if not state.exists():
        deploy(place, state)
    return state


def settings_only(place: Place, name: str) -> Path:
    """Return a new state folder with the passphrase and the settings of the deployed one, and nothing deployed.

    Who deploys by hand has these files already, so neither side of a measurement makes them.
    """
    source, folder = deployed(place), place.folder / name
    folder.mkdir()
    shutil.copyfile(source / "passphrase", folder / "passphrase")
    for file in sorted((source / "work").glob("*/Pulumi*.yaml")):
        target = folder / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return folder


@contextmanager
def fresh_settings(place: Place, name: str) -> Generator[Path]:
    """Yield such a folder, which is gone afterwards."""
    state = settings_only(place, name)
    yield state
    shutil.rmtree(state)


def deploy(place: Place, state: Path) -> Ended:
    """Deploy everything for the first time. Raises CommandFailedError, UnexpectedResultError."""
    words = ("deploy", "--env", ENVIRONMENT, "--yes", "--json", "--state", str(state))
    return all_are(place.invoke(*words), "succeeded", "the first deploy")


def preview(place: Place, state: Path, watch: Watch | None = None) -> Ended:
    """Preview every stack, of which none has changed. Raises CommandFailedError, UnexpectedResultError."""
    return all_are(place.invoke("preview", *_everything(state), watch=watch), "unchanged", _NO_CHANGE)


def preview_warm(place: Place, state: Path) -> float:
    """Return the seconds of the second such preview in one process. Raises like `preview`."""
    ended = timed(place.command("shared.bench.warm_preview", *_everything(state)))
    return float(all_are(ended, "unchanged", _NO_CHANGE).document(_NO_CHANGE)["seconds"])


def _everything(state: Path) -> tuple[str, ...]:
    return ("--env", ENVIRONMENT, "--all", "--json", "--state", str(state))


def all_are(ended: Ended, result: str, what: str) -> Ended:
    """Return what ended, after a look at its JSON: each of its stacks has this result. Raises UnexpectedResultError."""
    stacks = ended.document(what)["stacks"]
    others = [f"{stack['name']} is {stack['result']}" for stack in stacks if stack["result"] != result]
    if others or not stacks:
        raise UnexpectedResultError(what=what, found=", ".join(others) or "there is no stack")
    return ended
