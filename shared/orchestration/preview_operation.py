"""Preview one stack against what its upstreams are planned to publish."""

import dataclasses
import time
from collections.abc import Iterator, Mapping

from shared.orchestration.bands import Forecast, forecast
from shared.orchestration.job import StackOutcome
from shared.orchestration.losses import losses, refused_changes
from shared.orchestration.new_stack import secrets_provider_of, settings_of
from shared.orchestration.planned_outputs import outputs_of_plan
from shared.orchestration.reasons import chain
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.speculation import Backends, Planned
from shared.orchestration.stack_work import Previewed, StackWork


class StackPreview(StackWork):
    """The preview of one stack, in one band or in both."""

    def work(self, started: float) -> StackOutcome:
        """Do it."""
        backends = self.job.backends
        if backends is None:
            raise ValueError(f"the preview of {self.job.stack} has no backends")
        known = self.previewed(backends.known / "plan.json", backend=backends.known, veiled=backends.veiled)
        unknown = known
        if backends.unknown:
            unknown = self.previewed(backends.unknown / "plan.json", backend=backends.unknown)
        return self._outcome(started, backends, known, unknown)

    def _outcome(self, started: float, backends: Backends, known: Previewed, unknown: Previewed) -> StackOutcome:
        found = forecast(at_least(known), known.observation.kinds, unknown.observation.kinds)
        lost = losses(known.steps)
        refused = refused_changes(known.steps)
        good = "succeeded" if found.changes.total or found.possible else "unchanged"
        return StackOutcome(
            stack=self.job.stack,
            result=good,
            reason="; ".join([*refused, *(loss.sentence for loss in lost), *_possibly(found)]),
            changes=found.changes,
            references=known.observation.references,
            seconds=time.monotonic() - started,
            losses=lost,
            refused=refused,
            planned=self._planned(known, unknown, found),
            resources=tuple(_described(found.resources, backends, known, unknown)),
        )

    def _planned(self, known: Previewed, unknown: Previewed, found: Forecast) -> Planned:
        return Planned(
            known=outputs_of_plan(known.plan, self.job.stack, self.job.environment),
            unknown=outputs_of_plan(unknown.plan, self.job.stack, self.job.environment),
            replaces="replace" in found.kinds.values(),
            secrets_provider=secrets_provider_of(settings_of(self.job)),
            plan=unknown.plan,
        )


def at_least(previewed: Previewed) -> Mapping[str, str]:
    """Return what is sure to happen to each resource."""
    return {**previewed.observation.kinds, **{step.urn: step.least for step in previewed.steps}}


def _described(
    changes: tuple[ResourceChange, ...], backends: Backends, known: Previewed, unknown: Previewed
) -> Iterator[ResourceChange]:
    """Yield the changes with the names and values of what changes, and the reasons of what is only possible."""
    steps = {step.urn: step for step in unknown.steps}
    before = {step.urn: step for step in known.steps}
    last = {urn: step.old for urn, step in steps.items()}
    for change in changes:
        properties = dict.fromkeys(
            name for step in (before.get(change.urn), steps.get(change.urn)) if step for name in step.properties
        )
        reasons = chain(change.urn, steps, unknown.plan, backends.hidden, last) if change.possible else ()
        details = known.observation.details.get(change.urn) or unknown.observation.details.get(change.urn, ())
        yield dataclasses.replace(change, properties=tuple(properties), reasons=reasons, details=details)


def _possibly(found: Forecast) -> list[str]:
    """Return what may happen besides."""
    if not found.possible:
        return []
    kinds = list(found.possible.values())
    counts = ", ".join(f"{kinds.count(kind)} to {kind}" for kind in sorted(set(kinds)))
    return [f"possibly {counts}: what they hang on is not known before it is deployed"]
