"""Scratch backends: a stack's own checkpoint beside what its upstreams are planned to publish."""

import json
from pathlib import Path
from typing import Any

from shared.orchestration.planned_outputs import UNKNOWN, outputs_of_checkpoint, synthetic_checkpoint
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.speculation import Planned, Speculation

PROVIDER = {"type": "passphrase", "state": {"salt": "v1:x"}}


def deployed(stack: str, **outputs: Any) -> dict[str, Any]:
    return synthetic_checkpoint(stack, "prod", {"type": "cloud", "state": {}}, outputs)


def planned(known: dict[str, Any], unknown: dict[str, Any] | None = None, *, replaces: bool = False) -> Planned:
    return Planned(
        known=known, unknown=known if unknown is None else unknown, replaces=replaces, secrets_provider=PROVIDER
    )


def published(backend: Path | None, stack: str) -> dict[str, Any]:
    assert backend is not None
    text = (backend / ".pulumi" / "stacks" / stack / "prod.json").read_text(encoding="utf-8")
    return outputs_of_checkpoint(json.loads(text))


def test_a_stack_without_planned_upstreams_sees_what_is_deployed(tmp_path: Path) -> None:
    backends = Speculation(tmp_path, "prod", {"lower": deployed("lower", id="old")}).backends("upper")
    assert published(backends.known, "lower") == {"id": "old"}
    assert (backends.unknown, backends.hidden) == (None, ())
    assert (backends.known / ".pulumi" / "meta.yaml").read_text(encoding="utf-8") == "version: 1\n"


def test_a_planned_value_is_seen_in_place_of_the_deployed_one(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", id="old")})
    speculation.learn("lower", planned({"id": "new"}))
    backends = speculation.backends("upper")
    assert published(backends.known, "lower") == {"id": "new"}
    assert backends.unknown is None


def test_an_unknown_value_of_an_updated_stack_is_seen_as_it_was_and_as_unknown(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", id="old")})
    speculation.learn("lower", planned({"id": UNKNOWN}))
    backends = speculation.backends("upper")
    assert published(backends.known, "lower") == {"id": "old"}
    assert published(backends.unknown, "lower") == {"id": UNKNOWN}
    assert [(one.stack, one.output, one.last) for one in backends.hidden] == [("lower", "id", "old")]


def test_an_unknown_value_of_a_stack_that_replaces_something_is_unknown_only(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", id="old")})
    speculation.learn("lower", planned({"id": UNKNOWN}, replaces=True))
    backends = speculation.backends("upper")
    assert published(backends.known, "lower") == {"id": UNKNOWN}
    assert backends.unknown is None


def test_a_stack_that_does_not_exist_yet_is_there_to_be_read(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {})
    speculation.learn("lower", planned({"id": UNKNOWN, "name": "n"}))
    backends = speculation.backends("upper")
    assert published(backends.known, "lower") == {"id": UNKNOWN, "name": "n"}
    assert backends.unknown is None


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "new"}
BEFORE = {**SECRET, "ciphertext": "old"}
TOUCHED = (ResourceChange(urn="urn:pulumi:prod::lower::t:t:T::x", certain="update"),)


def test_a_secret_of_a_stack_that_touches_nothing_is_what_is_planned(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", word=BEFORE)})
    speculation.learn("lower", planned({"word": SECRET}))
    backends = speculation.backends("upper")
    assert published(backends.known, "lower") == {"word": SECRET}
    assert (backends.unknown, backends.hidden) == (None, ())


def test_a_secret_of_a_stack_that_changes_may_not_be_known(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", word=BEFORE)})
    speculation.learn("lower", planned({"word": SECRET}), TOUCHED)
    backends = speculation.backends("upper")
    assert published(backends.known, "lower") == {"word": BEFORE}
    assert published(backends.unknown, "lower") == {"word": SECRET}
    assert [one.output for one in backends.hidden] == ["word"]
    assert backends.veiled == frozenset()


def test_a_secret_of_a_stack_that_replaces_something_is_veiled(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", word=BEFORE)})
    speculation.learn("lower", planned({"word": SECRET}, replaces=True), TOUCHED)
    assert speculation.backends("upper").veiled == {"lower"}


def test_each_checkpoint_is_written_once(tmp_path: Path) -> None:
    speculation = Speculation(tmp_path, "prod", {"lower": deployed("lower", id="old")})
    files = [
        speculation.backends(reader).known / ".pulumi" / "stacks" / "lower" / "prod.json" for reader in ("one", "two")
    ]
    assert files[0].samefile(files[1])
