"""Scratch backends in which each stack is previewed against what its upstreams are planned to publish.

They are for previews only, by construction: an update against one would succeed with values that nobody has.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal

from shared.orchestration.planned_outputs import (
    exists,
    holds_unknown,
    is_secret,
    last_known,
    outputs_of_checkpoint,
    synthetic_checkpoint,
    with_outputs,
)
from shared.orchestration.reasons import Hidden, origin
from shared.orchestration.resource_changes import ResourceChange

Outputs = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Planned:
    """What the preview of one stack came to.

    known and unknown: its outputs in each band. replaces: whether it is sure to replace something. secrets_provider: as
    checkpoints have it. plan: the engine's, with what is unknown as unknown.
    """

    known: Outputs
    unknown: Outputs
    replaces: bool
    secrets_provider: Outputs
    plan: Outputs = dataclasses.field(default_factory=dict[str, Any], repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Backends:
    """Where one stack is previewed: folders.

    known: unknown outputs of upstreams that replace nothing are what they were. unknown: they are not known; None where
    that makes no difference. hidden: the outputs of upstreams that are not known. veiled: upstreams of which a secret
    that is not known looks like any other secret, in the first one too.
    """

    known: Path
    unknown: Path | None
    hidden: tuple[Hidden, ...]
    veiled: frozenset[str] = frozenset()


class Speculation:
    """The previews of one environment, stack by stack. Not thread-safe.

    folder: of the scratch backends. checkpoints: of the stacks that were ever made.
    """

    def __init__(self, folder: Path, environment: str, checkpoints: Mapping[str, Outputs]) -> None:
        self._folder = folder
        self._environment = environment
        self._checkpoints = dict(checkpoints)
        self._planned: dict[str, Planned] = {}
        self._changes: dict[str, tuple[ResourceChange, ...]] = {}

    def learn(self, stack: str, planned: Planned, changes: tuple[ResourceChange, ...] = ()) -> None:
        """Take in what a previewed stack is planned to publish, and what would happen to its resources."""
        self._planned[stack] = planned
        self._changes[stack] = changes

    @property
    def planned(self) -> Mapping[str, Planned]:
        """Return what was learned, by stack."""
        return dict(self._planned)

    def deployed(self, stack: str) -> Outputs:
        """Return what a stack publishes now."""
        return outputs_of_checkpoint(self._checkpoints.get(stack))

    def backends(self, stack: str) -> Backends:
        """Lay out and return the backends for the preview of `stack`, whose upstreams were previewed before."""
        known = {other: self._known(other) for other in self._planned}
        unknown = {other: planned.unknown for other, planned in self._planned.items()}
        hidden = tuple(one for other in sorted(self._planned) for one in self._hidden(other, unknown[other]))
        return Backends(
            known=self._lay_out(stack, "known", known),
            unknown=self._lay_out(stack, "unknown", unknown) if known != unknown else None,
            hidden=hidden,
            veiled=frozenset(
                one.stack
                for one in hidden
                if is_secret(known[one.stack].get(one.output)) and self._planned[one.stack].replaces
            ),
        )

    def _hidden(self, stack: str, unknown: Outputs) -> Iterator[Hidden]:
        before, touched = self.deployed(stack), bool(self._changes[stack])
        for name, value in sorted(unknown.items()):
            if holds_unknown(value) or (touched and is_secret(value)):
                why = origin(stack, before.get(name), self._checkpoints.get(stack), self._changes[stack])
                yield Hidden(stack=stack, output=name, last=before.get(name), why=why)

    def _known(self, stack: str) -> Outputs:
        planned = self._planned[stack]
        if planned.replaces:
            return planned.known
        found: Outputs = last_known(planned.known, self.deployed(stack), secrets=bool(self._changes[stack]))
        return found

    def _lay_out(self, stack: str, band: Literal["known", "unknown"], published: Mapping[str, Outputs]) -> Path:
        folder = Path(mkdtemp(prefix=f"{stack}-{band}-", dir=self._folder))  # a stack may be previewed twice
        for other in {*self._checkpoints, *published}:
            file = folder / ".pulumi" / "stacks" / other / f"{self._environment}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.hardlink_to(self._written(other, band, published.get(other)))
        (folder / ".pulumi").mkdir(parents=True, exist_ok=True)
        (folder / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        return folder

    def _written(self, stack: str, band: str, outputs: Outputs | None) -> Path:
        """Return the file of a checkpoint. Each is written once and linked: many stacks read from one."""
        file = self._folder / f"{stack}.{'deployed' if outputs is None else band}.json"
        if not file.exists():
            content = self._checkpoints[stack] if outputs is None else self._publishing(stack, outputs)
            file.write_text(json.dumps(content), encoding="utf-8")
        return file

    def _publishing(self, stack: str, outputs: Outputs) -> Outputs:
        checkpoint = self._checkpoints.get(stack)
        if checkpoint is not None and exists(checkpoint):
            return with_outputs(checkpoint, outputs)
        return synthetic_checkpoint(stack, self._environment, self._planned[stack].secrets_provider, outputs)
