"""What is shown while a run goes on: on terminals of any size, and in a log."""

import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from shared.orchestration.job import Changes, Operation, StackOutcome, StackOutput, StackProgress, StackWaiting
from shared.orchestration.queue import Result
from shared.orchestration.resource_steps import ResourceStep, StepState
from shared.orchestration.run import Event, StackStarted
from shared.reporting.durations import duration
from shared.reporting.progress import Progress
from shared.reporting.progress_lines import progress_table
from shared.reporting.progress_view import RunView, run_view

STACKS = ("identity", "key_vault", "sagemaker")
WAITS = {"key_vault": ("identity",), "sagemaker": ("identity", "key_vault", "elsewhere")}


def word(
    stack: str, name: str, state: StepState, at: float, *, done: int = 0, phase: Operation = "up"
) -> StackProgress:
    urn = f"urn:pulumi:prod::{stack}::a:b:C::{name}"
    step = ResourceStep(urn=urn, operation="create", state=state, at=at)
    return StackProgress(stack=stack, phase=phase, done=done, step=step)


def view_of(*events: Event, stacks: tuple[str, ...] = STACKS, expected: dict[str, int] | None = None) -> RunView:
    view = run_view(stacks, began=0.0, updates=True, waits=WAITS, expected=expected or {})
    for event in events:
        view = view.heard(event, 0.0)
    return view


def drawn(view: RunView, now: float, width: int = 120, height: int = 24, *, plain: bool = False) -> list[str]:
    stream = io.StringIO()
    table = progress_table(view, title="deploy of prod", now=now, width=width, height=height, plain=plain)
    Console(file=stream, width=width, height=height, highlight=False).print(table)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


HALFWAY = (
    StackStarted(stack="identity"),
    StackOutcome(stack="identity", result="succeeded", changes=Changes(create=66), seconds=4.0),
    word("identity", "x", "done", 1.0, done=66),
    StackStarted(stack="key_vault"),
    *(word("key_vault", name, "begun", at) for name, at in (("key", 58.0), ("vault", 3.0), ("a", 60.0), ("b", 60.5))),
    word("key_vault", "role", "begun", 1.0),
    word("key_vault", "role", "done", 2.0, done=12),
)
EXPECTED = {"identity": 66, "key_vault": 21, "sagemaker": 74}


def test_a_wide_terminal_shows_what_is_done_of_what_and_what_is_waited_for_longest_first() -> None:
    events = (HALFWAY[0], HALFWAY[2], HALFWAY[1], *HALFWAY[3:])
    assert drawn(view_of(*events, expected=EXPECTED), now=63.0) == [
        "deploy of prod: 1 of 3 stacks, 78 of 161 resources, 1 min 03 s",
        "✓ identity   succeeded  66 of 66       4.0 s  +66 created",
        "● key_vault  running    12 of 21  1 min 03 s  waiting for vault 1 min 00 s, key 5.0 s, a 3.0 s, 1 more",
        "○ sagemaker  waiting                          for key_vault",
    ]


def test_a_narrow_terminal_keeps_what_matters_and_has_no_line_too_long() -> None:
    view = view_of(*HALFWAY, expected=EXPECTED)
    for width in (20, 40, 59, 60, 80, 99):
        lines = drawn(view, now=63.0, width=width)
        assert len(lines) == 4
        assert all(len(line) <= width for line in lines)
    assert drawn(view, now=63.0, width=50)[2] == "● key_vault 12 of 21 1 min 03 s"
    assert "waiting for vault" in drawn(view, now=63.0, width=80)[2]


@pytest.mark.parametrize("width", [60, 80, 99, 100, 120])
def test_where_a_reason_is_long_it_is_shortened_and_neither_names_nor_numbers_are(width: int) -> None:
    reason = "4 resources differ from the state: " + ", ".join(f"resource-{number} (tags)" for number in range(9))
    ended = StackOutcome(stack="sagemaker", result="succeeded", reason=reason, seconds=2.0)
    line = drawn(view_of(word("sagemaker", "x", "done", 1.0, done=74), ended, expected=EXPECTED), now=3.0, width=width)[
        3
    ]
    assert len(line) == width
    assert line.endswith("…")
    assert line.split()[:2] == ["✓", "sagemaker"]
    assert "74 of 74" in line
    assert "2.0 s" in line


def test_colour_and_unicode_are_not_needed() -> None:
    assert [line[0] for line in drawn(view_of(*HALFWAY), now=63.0, plain=True)[1:]] == ["+", ">", "."]


def test_on_a_low_terminal_what_runs_or_failed_is_shown_and_the_rest_is_counted() -> None:
    stacks = tuple(f"s{number:02}" for number in range(100))
    events = [StackStarted(stack=f"s{number:02}") for number in (50, 51)]
    failed = StackOutcome(stack="s07", result="failed", reason="no good")
    spared = StackOutcome(stack="s08", result="unchanged")
    lines = drawn(view_of(*events, failed, spared, stacks=stacks), now=1.0, height=7)
    assert len(lines) <= 7
    assert [line.split()[1] for line in lines[1:5]] == ["s00", "s07", "s50", "s51"]
    assert lines[5] == "and 95 waiting, 1 unchanged"


@given(st.integers(1, 60), st.integers(2, 200), st.integers(1, 60))
def test_a_table_fits_every_terminal(stacks: int, width: int, height: int) -> None:
    names = tuple(f"stack_{number}" for number in range(stacks))
    lines = drawn(view_of(*(StackStarted(stack=name) for name in names[::2]), stacks=names), 5.0, width, height)
    assert len(lines) <= max(height, 3)
    assert all(len(line) <= width for line in lines)


def test_more_than_was_expected_is_not_shown_as_a_share() -> None:
    view = view_of(StackStarted(stack="identity"), word("identity", "x", "done", 0, done=3), expected={"identity": 2})
    assert view.stacks["identity"].of_expected == "3"
    started = view_of(StackStarted(stack="identity"), expected={"identity": 2})
    assert started.stacks["identity"].of_expected == "0 of 2"


def test_a_preview_before_an_update_is_said() -> None:
    view = view_of(StackStarted(stack="identity"), word("identity", "x", "done", 0, done=3, phase="preview"))
    assert "is previewed again" in drawn(view, now=1.0)[1]
    over = view.heard(word("identity", "x", "begun", 0.0), 1.0)
    assert "previewed again" not in drawn(over, now=1.0)[1]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0.0 s"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (63, "1 min 03 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@dataclasses.dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_one_line_per_change_without_colour() -> None:
    stream = io.StringIO()
    with Progress(("a", "b"), planned=False, title="deploy of prod", stream=stream, clock=Clock()) as progress:
        progress.hear(StackStarted(stack="a"))
        progress.hear(word("a", "[x]", "done", 0.0, done=1))
        progress.hear(StackOutput(stack="a", line="[bold]printed[/bold] by the engine"))
        progress.hear(StackOutcome(stack="a", result="succeeded", changes=Changes(create=1), seconds=2.0))
        progress.hear(StackOutcome(stack="b", result="skipped", reason="a [secret] reason"))
    assert stream.getvalue().splitlines() == [
        "deploy of prod:",
        "a: running",
        "a: [bold]printed[/bold] by the engine",
        "a: succeeded (+1 created, 2.0 s)",
        "b: skipped (a [secret] reason)",
    ]


def test_a_log_shows_life_every_half_minute_of_silence() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(STACKS, planned=False, stream=stream, expected={"a": 9}, clock=clock) as progress:
        progress.tick()
        progress.hear(StackStarted(stack="identity"))
        progress.hear(word("identity", "group", "begun", 2.0))
        for clock.now in (10.0, 29.9, 31.0, 45.0, 62.0):
            progress.tick()
        progress.hear(StackOutcome(stack="identity", result="failed", reason="no"))
        clock.now = 200.0
        progress.tick()
    assert stream.getvalue().splitlines() == [
        "identity: running",
        "after 31 s still running: identity (31 s, waiting for group 29 s)",
        "after 1 min 02 s still running: identity (1 min 02 s, waiting for group 1 min 00 s)",
        "identity: failed (no)",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("variable", "live"), [("", True), ("TTY_INTERACTIVE", False)])
def test_a_terminal_gets_a_live_table_unless_it_wants_no_animation(
    monkeypatch: pytest.MonkeyPatch, variable: str, live: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TTY_INTERACTIVE", raising=False)
    if variable:
        monkeypatch.setenv(variable, "0")
    terminal = Terminal()
    with Progress(("a",), planned=True, title="preview of prod", stream=terminal) as progress:
        progress.hear(StackStarted(stack="a"))
        progress.hear(StackOutput(stack="a", line="printed"))
        progress.hear(StackOutcome(stack="a", result="unchanged"))
    text = terminal.getvalue()
    assert ("\x1b[1mpreview of prod: 1 of 1 stack," in text) == live
    assert ("a: running\n" in text) != live
    assert "a: printed" in text


def test_no_color_leaves_the_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("TTY_INTERACTIVE", raising=False)
    terminal = Terminal()
    with Progress(("a",), planned=True, stream=terminal) as progress:
        progress.hear(StackOutcome(stack="a", result="failed", reason="no"))
    assert "✗ a" in terminal.getvalue()
    assert "\x1b[31m" not in terminal.getvalue()


results = st.sampled_from(["succeeded", "unchanged", "failed", "skipped", "cancelled"])


def ended(stack: str, result: Result) -> StackOutcome:
    return StackOutcome(stack=stack, result=result)


events = st.one_of(
    st.builds(lambda stack: StackStarted(stack=stack), st.sampled_from([*STACKS, "unheard of"])),
    st.builds(ended, st.sampled_from(STACKS), results),
    st.builds(word, st.sampled_from(STACKS), st.sampled_from("ab"), st.sampled_from(["begun", "done"]), st.just(1.0)),
)


@given(st.lists(events, max_size=20))
def test_whatever_is_heard_can_be_drawn(heard: list[Event]) -> None:
    view = view_of(*heard)
    assert len(drawn(view, now=2.0)) == 4
    assert view.ended + len(view.running) <= len(STACKS)


def test_a_wait_before_something_is_tried_again_is_told_in_a_log() -> None:
    stream = io.StringIO()
    with Progress(("a",), planned=False, stream=stream) as progress:
        progress.hear(StackStarted(stack="a"))
        progress.hear(StackWaiting(stack="a", seconds=12.0, retries=2, reason="cmk (429)"))
        progress.hear(StackOutcome(stack="a", result="succeeded"))
    assert stream.getvalue().splitlines() == [
        "a: running",
        "a: running (tries again in 12 s (retry 2): cmk (429) passes by itself)",
        "a: succeeded",
    ]
