"""Budgets of previewing and deploying the platform, against the same by hand."""

import itertools

from shared.bench.arithmetic import ratio
from shared.bench.baseline import by_hand
from shared.bench.group import Group, Probe, Reading, RowPlan
from shared.bench.place import Place
from shared.bench.report import Limit
from shared.bench.settled import deploy, deployed, fresh_settings, preview, preview_warm

_PREVIEWS = Reading(key="previews by hand", what="one fresh process per stack, one after another: Stack.preview()")
_DEPLOYS = Reading(key="deploys by hand", what="the same with Stack.preview(), then Stack.up()")


def preview_group(place: Place) -> Group:
    """Return the budgets of previewing all stacks, of which none has changed."""
    state = deployed(place)
    cold = Probe(name="invoke preview", run=lambda: {"preview cold": preview(place, state).seconds})
    warm = Probe(name="preview, workers warm", run=lambda: {"preview warm": preview_warm(place, state)})
    baseline = Probe(name="previews by hand", run=lambda: {_PREVIEWS.key: by_hand(place, state, "preview")})
    rows = (
        _row("preview-cold", "a preview of all stacks without a change", "invoke preview --all", "preview cold", 0.6),
        _row("preview-warm", "the same with workers already warm", "the second in one process", "preview warm", 0.35),
    )
    return Group(probes=(baseline, cold, warm), rows=rows)


def deploy_group(place: Place) -> Group:
    """Return the budget of the first deploy, to clouds that answer at once."""
    deployed(place)
    numbers = itertools.count()

    def product() -> dict[str, float]:
        with fresh_settings(place, f"deploy-{next(numbers)}") as state:
            return {"deploy": deploy(place, state).seconds}

    def baseline() -> dict[str, float]:
        with fresh_settings(place, f"by-hand-{next(numbers)}") as state:
            return {_DEPLOYS.key: by_hand(place, state, "deploy")}

    row = RowPlan(
        name="deploy",
        what="the first deploy of all stacks, to clouds that answer at once",
        measured=Reading(key="deploy", what="invoke deploy --yes"),
        baseline=_DEPLOYS,
        figure=ratio,
        limit=Limit(kind="at most", value=0.5),
    )
    probes = (Probe(name="deploys by hand", run=baseline), Probe(name="invoke deploy", run=product))
    return Group(probes=probes, rows=(row,))


def _row(name: str, what: str, measured: str, key: str, most: float) -> RowPlan:
    return RowPlan(
        name=name,
        what=what,
        measured=Reading(key=key, what=measured),
        baseline=_PREVIEWS,
        figure=ratio,
        limit=Limit(kind="at most", value=most),
    )
