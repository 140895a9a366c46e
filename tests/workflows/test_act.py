"""The workflows run for real, by `act`, on the sandbox: a pull request, a merge, a fork, and an environment that fails.

The tests of this file share one repository and run in their order: each leaves behind what the next one starts from.
"""

import re
from collections.abc import Iterator

import pytest

from shared.environment.loading import REPOSITORY
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from tests.workflows.scratch_repository import ENVIRONMENTS, Log, ScratchRepository

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

GRAPH = graph_of(discover(REPOSITORY))
REHEARSAL = "Rehearsal on the sandbox"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> ScratchRepository:
    return ScratchRepository.make(tmp_path_factory.mktemp("workflows"))


@pytest.fixture(autouse=True)
def _nothing_is_left_in_the_work_tree(scratch: ScratchRepository) -> Iterator[None]:
    yield
    assert not (scratch.root / ".sandbox").exists()


def deploy_jobs(environment: str) -> list[str]:
    return [f"Deploy identity to {environment}", f"Deploy to {environment}"]


def all_jobs(environment: str) -> list[str]:
    return [f"Preview of {environment}", *deploy_jobs(environment)]


def deployment(lines: list[str], environment: str) -> list[str]:
    """Return what a job printed since it began to deploy: what moved since the preview is previewed again before."""
    return lines[lines.index(f"deploy of {environment}:") :]


def states(lines: list[str], state: str) -> list[str]:
    """Return the stacks that reached a state, in the order in which they did."""
    found = (re.match(rf"(\w+): {state}\b", line) for line in lines)
    return [match[1] for match in found if match]


def changes(lines: list[str], stack: str) -> str:
    """Return what stands behind a stack's name in the tree of changes."""
    (found,) = [match[1] for line in lines if (match := re.match(rf"[├└]── {stack}  (.*)", line))]
    return found


def explained(log: Log) -> str:
    return f"act ended with code {log.code}\n{log.text}"


def test_a_merge_deploys_dev_then_staging_then_prod_each_in_dependency_order(scratch: ScratchRepository) -> None:
    log = scratch.merge()

    assert log.code == 0, explained(log)
    assert log.jobs() == [*(job for name in ENVIRONMENTS for job in all_jobs(name)), "Deploy passed"]
    for environment in ENVIRONMENTS:
        identity, rest = (deployment(log.job(name), environment) for name in deploy_jobs(environment))
        assert states(identity, "succeeded") == ["identity"], explained(log)
        began, ended = states(rest, "running"), states(rest, "succeeded")
        assert sorted(began) == sorted(ended) == sorted(set(GRAPH.order) - {"identity"}), explained(log)
        steps = [line for line in rest if re.match(r"\w+: (running|succeeded)", line)]
        for upstream, downstream in GRAPH.edges:
            if upstream != "identity":
                upstream_ended = next(n for n, line in enumerate(steps) if line.startswith(f"{upstream}: succeeded"))
                assert upstream_ended < steps.index(f"{downstream}: running"), explained(log)
        assert f"deploy of {environment}: succeeded" in "\n".join(rest)


def test_every_job_logs_in_before_it_deploys(scratch: ScratchRepository) -> None:
    assert {path.name for path in scratch.clouds.iterdir()} == set(ENVIRONMENTS)
    for environment in ENVIRONMENTS:
        stacks = scratch.clouds / environment / "state" / ".pulumi" / "stacks"
        assert sorted(path.name for path in stacks.iterdir()) == sorted(GRAPH.order)


def test_a_pull_request_shows_what_it_changes_in_every_environment(scratch: ScratchRepository) -> None:
    scratch.change("environments/prod.yaml", "artifact_expiry_days: null", "artifact_expiry_days: 400")

    log = scratch.pull_request()

    assert log.code == 0, explained(log)
    assert sorted(log.jobs()) == sorted(
        [*(f"Preview of {name}-{n}" for n, name in enumerate(ENVIRONMENTS, 1)), "Preview passed"]
    )
    for number, environment in enumerate(ENVIRONMENTS, 1):
        lines = log.job(f"Preview of {environment}-{number}")
        assert f"preview of {environment}" in lines, explained(log)
        changed = {stack for stack in GRAPH.order if not changes(lines, stack).startswith("unchanged")}
        assert changed == ({"sagemaker"} if environment == "prod" else set()), explained(log)


def test_a_fork_gets_no_login_and_a_rehearsal_on_the_sandbox(scratch: ScratchRepository) -> None:
    log = scratch.pull_request(head="somebody/ml-platform-infra")

    assert log.code == 0, explained(log)
    assert log.jobs() == [REHEARSAL, "Preview passed"]
    assert "logged in" not in log.text
    assert sorted(states(deployment(log.job(REHEARSAL), "sandbox"), "succeeded")) == sorted(GRAPH.order)


def test_only_what_is_listed_is_deployed(scratch: ScratchRepository) -> None:
    new_fork, dev_only = scratch.merge(()), scratch.merge(("dev",))

    assert (new_fork.code, new_fork.jobs()) == (0, ["Deploy passed"]), explained(new_fork)
    assert (dev_only.code, dev_only.jobs()) == (0, [*all_jobs("dev"), "Deploy passed"]), explained(dev_only)
    assert any(line.startswith("deploy of dev: ") for line in dev_only.job("Deploy to dev")), explained(dev_only)


def test_where_staging_fails_prod_is_not_touched_and_the_gate_closes(scratch: ScratchRepository) -> None:
    scratch.change("environments/staging.yaml", "minimum_auc: 0.8", "minimum_auc: high")
    before = prod_state(scratch)

    log = scratch.merge()

    assert log.code != 0
    assert log.jobs() == [*all_jobs("dev"), "Preview of staging", "Deploy passed"], explained(log)
    (sentence,) = [line for line in log.job("Preview of staging") if "environments/staging.yaml" in line]
    assert "sagemaker.minimum_auc" in sentence
    assert "::error::staging-preview: failure" in log.job("Deploy passed")
    assert "::error::prod: skipped" in log.job("Deploy passed")
    assert prod_state(scratch) == before


def prod_state(scratch: ScratchRepository) -> dict[str, bytes]:
    """Return the checkpoint of every stack in prod."""
    stacks = scratch.clouds / "prod" / "state" / ".pulumi" / "stacks"
    found = {path.parent.name: path.read_bytes() for path in stacks.glob("*/prod.json")}
    assert sorted(found) == sorted(GRAPH.order)
    return found
