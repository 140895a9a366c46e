"""Destroy and deploy again: names are purged where that is allowed, else the generation is raised."""

import dataclasses
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.commands.ready import Ready, say
from shared.commands.reserved_names import refuse_reserved, release
from shared.commands.reviewing import deployed
from shared.commands.running import destroy as destroy_stacks
from shared.engine import find_engine
from shared.environment import Environment, load
from shared.environment.loading import REPOSITORY
from shared.exit_codes import ExitCode
from shared.naming import Names
from shared.orchestration.backend import run_engine, states, with_resources
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from shared.orchestration.workers import Workers
from shared.rehearsal import rehearsal_session, rehearsed
from shared.reporting.model import RunReport
from shared.reserved_names import NamesReservedError
from tests.unit.sample_environments import changed

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

STACKS = ("identity", "key_vault")
NOBODY = frozenset[str]()


@pytest.fixture(scope="module")
def workers() -> Workers:
    return Workers()


@contextmanager
def opened(environment: Environment, folder: Path, workers: Workers) -> Generator[Ready]:
    """Yield the two stacks of an environment on simulated clouds whose things are in `folder`."""
    with rehearsal_session(environment, REPOSITORY, folder) as session:
        stacks = discover(session.root)
        graph = graph_of(stacks)
        engine = find_engine(say)
        session.prepare(stacks)
        yield Ready(
            environment=environment,
            stacks=stacks,
            graph=graph,
            selected=STACKS,
            parallel=1,
            session=session,
            engine=engine,
            workers=workers,
            deployed=with_resources(states(session)) & set(graph.order),
            made=frozenset(states(session)),
        )


def deploy(environment: Environment, folder: Path, workers: Workers) -> RunReport:
    with opened(environment, folder, workers) as ready:
        refuse_reserved(ready, NOBODY)
        return deployed(ready).report


def destroy(environment: Environment, folder: Path, workers: Workers, *, free: bool = True) -> ExitCode:
    """Destroy what is deployed, and free its names, or leave them as an engine without us would."""
    with opened(environment, folder, workers) as ready:
        assert ready.deployed == set(STACKS)
        for stack in (one for one in ready.stacks if one.name in STACKS and environment.protection.deletion):
            unprotect = ["state", "unprotect", "--all", "--yes", "--stack", environment.name]
            run_engine(ready.session, ready.engine, ready.session.work_dir(stack), unprotect)
        report = destroy_stacks(ready).report
        assert report.exit_code == 0, report
        return release(ready, report) if free else ExitCode.SUCCESS


def test_vaults_without_purge_protection_are_purged_and_their_names_used_again(
    tmp_path: Path, workers: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    dev = rehearsed(load("dev"))
    assert deploy(dev, tmp_path, workers).exit_code == 0
    destroy(dev, tmp_path, workers, free=False)
    with pytest.raises(NamesReservedError) as refused:
        deploy(dev, tmp_path, workers)
    vault = Names(dev).of("key_vault", "ml")
    assert refused.value.names == (vault,)
    assert f"run az keyvault purge --name {vault} --location" in str(refused.value)

    with opened(dev, tmp_path, workers) as ready:
        unasked = deployed(ready).report
        (reason,) = (stack.reason for stack in unasked.stacks if stack.name == "key_vault")
        assert "ConflictError" in reason
        assert release(ready, destroy_stacks(ready).report) == ExitCode.SUCCESS
    assert f"the key vault {vault} is purged, and its name is free" in capsys.readouterr().err
    assert deploy(dev, tmp_path, workers).exit_code == 0


def test_protected_vaults_keep_their_names_and_the_next_generation_is_deployed(
    tmp_path: Path, workers: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    prod = rehearsed(load("prod"))
    assert deploy(prod, tmp_path, workers).exit_code == 0
    assert destroy(prod, tmp_path, workers) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    vaults = {Names(prod).of("key_vault", purpose) for purpose in ("ml", "cmk")}
    for vault in vaults:
        assert f"the key vault {vault} is deleted, and its name is reserved until " in said
    assert said.count("set generation: 2 in environments/prod.yaml before the next deploy") == len(vaults)

    with pytest.raises(NamesReservedError, match=r"set generation: 2 in environments/prod\.yaml") as refused:
        deploy(prod, tmp_path, workers)
    assert set(refused.value.names) == vaults

    raised = rehearsed(load("prod"), generation=prod.generation + 1)
    assert deploy(raised, tmp_path, workers).exit_code == 0
    with opened(raised, tmp_path, workers) as ready:
        again = deployed(dataclasses.replace(ready, deployed=frozenset(STACKS))).report
    assert [stack.result for stack in again.stacks] == ["unchanged", "unchanged"]


def test_a_secret_that_is_put_back_is_refused_before_the_run(tmp_path: Path, workers: Workers) -> None:
    dev = rehearsed(load("dev"))
    (name,) = dev.key_vault.secrets
    without = changed(dev, key_vault__secrets={})
    for environment in (dev, without, without):
        assert deploy(environment, tmp_path, workers).exit_code == 0
    with pytest.raises(NamesReservedError, match=f"the secret {name} is not in the state of key_vault") as refused:
        deploy(dev, tmp_path, workers)
    assert refused.value.names == (name,)
    with opened(dev, tmp_path, workers) as ready:
        unasked = deployed(ready).report
        (reason,) = (stack.reason for stack in unasked.stacks if stack.name == "key_vault")
        assert "ResourceExists" in reason or "already exist" in reason, reason
