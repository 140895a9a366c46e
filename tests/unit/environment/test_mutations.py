"""Whatever happens to a file, loading it answers, or says in one sentence why it cannot."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.environment import Environment, EnvironmentFileError, load
from tests.unit.environment.files import text_of, written

LINES = text_of("prod").splitlines()
SNIPPETS = (
    *('"', "'", "[", "{", "}", "]", ":", "&a", "*a", "!x", "!!binary", "!!set", "<<: *a", "---", "...", "%YAML 1.1"),
    *("~", "-", "? ", "|", ">", "@", "`", "#", "\t", "\x00", "\x85", "\ufeff", "\ud7ff", "é", "💥", "\\u", '"\\ud800"'),
    *(".nan", "-.inf", "9" * 5000, "1e999", "0o777", "0b1", "1:30:00", "2028-13-45", "2028-01-01T00:00:00Z", "0x"),
    *("true", "null", "1.5", '"true"', "{a: {a: 1}}", "[1, [2]]", "? [1]\n: 2", "=", "1_000", "-0", "!!int abc"),
)
values = st.sampled_from(SNIPPETS) | st.text(max_size=12).filter(lambda text: text.isprintable())


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """One to three changes of a valid file: of a line, of a value, of a place in the text, of a byte."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["drop", "repeat", "swap", "indent", "value", "insert", "key"]))
        key, colon, _ = lines[at].partition(":")
        if change == "drop":
            lines[at] = ""
        elif change == "repeat":
            lines.insert(at, lines[at])
        elif change == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif change == "indent":
            lines[at] = " " * draw(st.integers(1, 5)) + lines[at]
        elif change == "value":
            lines[at] = f"{key}{colon} {draw(values)}"
        elif change == "key":
            lines[at] = f"{key}{draw(values)}: 1"
        else:
            place = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:place] + draw(values) + lines[at][place:]
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(data) - 1))
        data = data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]
    return data


def answer(content: bytes) -> Environment | EnvironmentFileError:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return load("prod", written(Path(folder), content))
        except EnvironmentFileError as error:
            return error


def is_one_sentence(error: Environment | EnvironmentFileError) -> bool:
    return isinstance(error, EnvironmentFileError) and str(error).isprintable() and bool(error.problem and error.fix)


@settings(
    max_examples=2_000,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(mutated())
def test_a_mutated_file_is_loaded_or_refused(content: bytes) -> None:
    answered = answer(content)
    assert isinstance(answered, Environment) or is_one_sentence(answered)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.binary(max_size=60))
def test_bytes_are_refused(content: bytes) -> None:
    assert is_one_sentence(answer(content))


def test_a_harmless_change_is_loaded() -> None:
    """The properties above would hold for a loader that refuses everything."""
    assert isinstance(answer("\n".join(["# a comment", *reversed(sections())]).encode()), Environment)


def sections() -> list[str]:
    """Return the top-level sections of the file, each with its lines."""
    found: list[str] = []
    for line in LINES:
        if line[:1].isalpha():
            found.append(line)
        elif found:
            found[-1] += f"\n{line}"
    return found
