"""What the previews of one run know of each other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.orchestration.job import StackOutcome
from shared.orchestration.planned_outputs import SIGNATURE, UNKNOWN, synthetic_checkpoint
from shared.orchestration.previews import Previews
from shared.orchestration.speculation import Outputs, Planned, Speculation

SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
OTHER_SECRET = {**SECRET, "ciphertext": "v1:other"}


class Looks:
    """Says what it was told to say, and remembers what it was asked."""

    def __init__(self, reason: str = "", readers: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.reason = reason
        self.published: Mapping[str, Outputs] = {}
        self.touched: tuple[str, ...] = ()
        self._readers = readers or {}

    def untouched(self, stack: str, published: Mapping[str, Outputs]) -> str:
        self.published = published
        return self.reason

    def as_deployed(self, stack: str) -> bool:
        return stack not in self.touched

    def readers(self, stack: str) -> Mapping[str, tuple[str, ...]]:
        return self._readers


def previews(folder: Path, looks: Looks, **outputs: Any) -> Previews:
    checkpoint = synthetic_checkpoint("lower", "prod", {"type": "passphrase", "state": {}}, outputs)
    return Previews(Speculation(folder, "prod", {"lower": checkpoint}), looks)


def outcome(known: Outputs, unknown: Outputs | None = None, reason: str = "") -> StackOutcome:
    planned = Planned(known=known, unknown=known if unknown is None else unknown, replaces=False, secrets_provider={})
    return StackOutcome(stack="lower", result="succeeded", reason=reason, planned=planned)


def test_a_stack_that_is_untouched_is_spared_with_the_reason(tmp_path: Path) -> None:
    spared = previews(tmp_path, Looks("all is as it was")).spared("lower")
    assert spared == StackOutcome(stack="lower", result="unchanged", reason="not affected: all is as it was")
    assert previews(tmp_path, Looks()).spared("lower") is None


def test_who_is_untouched_is_asked_with_what_upstreams_are_planned_to_publish(tmp_path: Path) -> None:
    looks = Looks()
    found = previews(tmp_path, looks, id="old")
    found.judged(outcome({"id": "known"}, {"id": UNKNOWN}))
    found.spared("upper")
    assert looks.published == {"lower": {"id": UNKNOWN}}


def test_what_was_judged_is_what_the_next_stack_is_previewed_against(tmp_path: Path) -> None:
    found = previews(tmp_path, Looks(), id="old")
    found.judged(outcome({"id": "new"}))
    text = (found.backends("upper").known / ".pulumi" / "stacks" / "lower" / "prod.json").read_text(encoding="utf-8")
    assert '"new"' in text


@pytest.mark.parametrize(
    ("deployed", "planned", "changed"),
    [
        ({"a": "x"}, {"a": "x"}, ()),
        ({"a": "x", "b": 1}, {"a": "y", "b": 1}, ("a",)),
        ({"a": "x"}, {"a": UNKNOWN}, ("a",)),
        ({"a": {"x": "y"}}, {"a": {"x": UNKNOWN}}, ("a",)),
        ({"a": {"x": "y"}}, {"a": {"x": "z"}}, ("a",)),
        ({"a": {"x": "y"}}, {"a": {"x": "y", "z": 1}}, ("a",)),
        ({"a": ["x"]}, {"a": ["x", "y"]}, ("a",)),
        ({"a": "x"}, {"a": None}, ("a",)),
        ({}, {"b": "x", "a": "x"}, ("a", "b")),
        ({"a": "x"}, {}, ("a",)),
        ({"a": SECRET}, {"a": OTHER_SECRET}, ()),
        ({"a": {"x": SECRET}}, {"a": {"x": OTHER_SECRET}}, ()),
        ({"a": {"x": SECRET, "y": 1}}, {"a": {"x": OTHER_SECRET, "y": 2}}, ("a",)),
        ({"a": "x"}, {"a": SECRET}, ("a",)),
        ({"a": SECRET}, {"a": UNKNOWN}, ("a",)),
    ],
)
def test_outputs_that_may_change_are_named(
    tmp_path: Path, deployed: Outputs, planned: Outputs, changed: tuple[str, ...]
) -> None:
    judged = previews(tmp_path, Looks(), **deployed).judged(outcome(planned))
    assert judged.outputs == changed
    assert judged.result == "succeeded"


def test_the_wider_of_both_previews_decides_what_may_change(tmp_path: Path) -> None:
    judged = previews(tmp_path, Looks(), a="x").judged(outcome({"a": "x"}, {"a": UNKNOWN}))
    assert judged.outputs == ("a",)


def test_taking_an_output_from_its_readers_fails_with_all_of_it(tmp_path: Path) -> None:
    looks = Looks(readers={"a": ("upper (stacks/upper/program.py:10)",), "b": ("upper (x:1)", "top (y:2)")})
    found = previews(tmp_path, looks, a="x", b=SECRET)
    judged = found.judged(outcome({"b": "clear"}, reason="as it was"))
    assert (judged.result, judged.exit_code, judged.planned) == ("failed", 1, None)
    assert judged.reason == (
        "output a is not published any more, and upper (stacks/upper/program.py:10) reads it; publish it as before, or "
        "take it out of its readers first; output b was a secret and would be published in clear, and upper (x:1) and "
        "top (y:2) read it; declare it secret again; as it was"
    )
    assert '"x"' in (found.backends("upper").known / ".pulumi/stacks/lower/prod.json").read_text(encoding="utf-8")


def test_what_nobody_reads_may_go(tmp_path: Path) -> None:
    judged = previews(tmp_path, Looks(readers={"other": ("upper (x:1)",)}), a="x").judged(outcome({}))
    assert (judged.result, judged.outputs) == ("succeeded", ("a",))


def test_an_outcome_without_a_plan_teaches_nothing(tmp_path: Path) -> None:
    found = previews(tmp_path, Looks(readers={"a": ("upper (x:1)",)}), a="x")
    failed = StackOutcome(stack="lower", result="failed", reason="no good", exit_code=1)
    assert found.judged(failed) is failed
    assert '"x"' in (found.backends("upper").known / ".pulumi/stacks/lower/prod.json").read_text(encoding="utf-8")
