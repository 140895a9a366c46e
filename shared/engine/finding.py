"""Find an engine: on PATH, in our cache, or by putting one there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.engine.cache import Entry, clear_unfinished, entry_of, fill, is_usable
from shared.engine.errors import Attempt, CommandError, EngineNotFoundError, UnusableError
from shared.engine.found import Engine, Origin
from shared.engine.go_build import build_engine
from shared.engine.lock import locked_cache
from shared.engine.machine import Machine
from shared.engine.official_release import install_release
from shared.engine.path_lookup import look_on_path
from shared.engine.progress import Report
from shared.engine.releases import BUILT, SUPPORTED_RANGE, released
from shared.engine.this_machine import ThisMachine


@dataclass(frozen=True, kw_only=True)
class _Way:
    """A way to make an engine. name: in messages; make: put it into the first folder, with the second for the rest."""

    name: str
    origin: Origin
    entry: Entry
    make: Callable[[Path, Path], None]


def find_engine(report: Report, *, install: bool = True, machine: Machine | None = None) -> Engine:
    """Return the engine to use: from PATH, else our cache, else installed or built into our cache.

    report receives lines of progress; install False installs nothing. Raises EngineNotFoundError, which
    tells about each of the three ways.
    """
    machine = machine or ThisMachine()
    on_path = look_on_path(machine)
    if isinstance(on_path, Engine):
        return on_path
    ways = _ways(machine, report)
    kept = _kept(machine, ways, on_path)
    if kept is not None:
        return kept
    if not install:
        absent = (Attempt(way=way.name, problem=f"it is not in {machine.cache}") for way in ways)
        fix = "every command that needs the engine gets it, such as `./inv preview --env sandbox`"
        raise EngineNotFoundError(attempts=(on_path, *absent), fix=fix)
    return _install(machine, report, ways, on_path)


def _ways(machine: Machine, report: Report) -> tuple[_Way, ...]:
    release = released()

    def install(folder: Path, _rest: Path) -> None:
        install_release(machine, report, release, folder)

    def build(folder: Path, rest: Path) -> None:
        build_engine(machine, report, BUILT, folder, rest)

    return (
        _Way(
            name=f"the official release {release}",
            origin="release",
            entry=entry_of(machine, release),
            make=install,
        ),
        _Way(
            name=f"a build of {BUILT} from Go modules",
            origin="build",
            entry=entry_of(machine, BUILT),
            make=build,
        ),
    )


def _kept(machine: Machine, ways: tuple[_Way, ...], on_path: Attempt) -> Engine | None:
    for way in ways:
        if is_usable(machine, way.entry):
            return _engine(way, "cache", [on_path], f"{way.name} is in the cache")
    return None


def _install(machine: Machine, report: Report, ways: tuple[_Way, ...], on_path: Attempt) -> Engine:
    try:
        with locked_cache(machine, report):
            # Another run may have made one while we waited.
            return _kept(machine, ways, on_path) or _make(machine, report, ways, on_path)
    except OSError as error:
        problem = f"the cache folder {machine.cache} cannot be used: {error.strerror or error}"
        attempts = (on_path, *(Attempt(way=way.name, problem=problem) for way in ways))
        raise EngineNotFoundError(attempts=attempts, fix="make that folder writable") from error


def _make(machine: Machine, report: Report, ways: tuple[_Way, ...], on_path: Attempt) -> Engine:
    clear_unfinished(machine)
    attempts = [on_path]
    for way in ways:
        try:
            fill(machine, way.entry, way.make)
        except (CommandError, UnusableError, OSError) as error:
            attempts.append(Attempt(way=way.name, problem=str(error)))
            report(f"{way.name} could not be had: {error}")
        else:
            return _engine(way, way.origin, attempts, f"{way.name} was put into the cache")
    fix = f"install Pulumi {SUPPORTED_RANGE} on PATH, or let this machine reach get.pulumi.com or a Go module proxy"
    raise EngineNotFoundError(attempts=attempts, fix=fix)


def _engine(way: _Way, origin: Origin, attempts: list[Attempt], because: str) -> Engine:
    passed_over = [f"{attempt.way}: {attempt.problem}" for attempt in attempts]
    return Engine(
        path=way.entry.engine,
        version=str(way.entry.version),
        origin=origin,
        reason="; ".join([because, *passed_over]),
    )
