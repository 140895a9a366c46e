"""The gate: resources in, a judgement out."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from shared.environment.tiers import Tier
from shared.policy.arm_template import arm_template
from shared.policy.checkov_report import verdicts_of
from shared.policy.checkov_run import run_checkov
from shared.policy.judgement import Judgement, judgement_of
from shared.policy.resource import Resource
from shared.policy.rules import own_verdicts
from shared.policy.suppression import Suppression
from shared.policy.suppressions import SUPPRESSIONS
from shared.policy.terraform_plan import terraform_plan


def judge(
    resources: Sequence[Resource], *, tier: Tier, python: Path, suppressions: Iterable[Suppression] = SUPPRESSIONS
) -> Judgement:
    """Judge the resources of an environment of a tier. python: of Checkov's environment. Raises PolicyError."""
    rendered = (arm_template(resources), terraform_plan(resources))
    checkov = verdicts_of(run_checkov(python, rendered), rendered, resources)
    return judgement_of(resources, [*checkov, *own_verdicts(resources, tier)], suppressions, tier=tier)
