"""The command `affected`: a table for people, one JSON document for machines, one sentence for what is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.affected.errors import ComparisonError
from shared.commands.affected import affected
from shared.commands.answer import answer
from shared.commands.arguments import Options, UsageError
from shared.environment import EnvironmentFileError
from shared.environment.loading import REPOSITORY
from tests.unit.affected.small_repository import SmallRepository

NOTHING = "nothing that it is made of or reads changed"


@pytest.fixture
def repository(tmp_path: Path) -> SmallRepository:
    return SmallRepository.make(tmp_path)


def _options(repository: SmallRepository, *, since: str = "before", env: str = "", as_json: bool = True) -> Options:
    return Options(since=since, env=env, json=as_json, root=repository.root)


def test_the_document_names_every_stack(repository: SmallRepository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.change(shared__parts="X = 1\n")
    assert affected(_options(repository)) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {
        "stacks": [
            {"name": "lower", "affected": False, "reason": NOTHING},
            {"name": "upper", "affected": True, "reason": "shared/parts.py changed"},
        ]
    }
    assert captured.err == ""


def test_the_table_names_every_stack(repository: SmallRepository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.change(shared__parts="X = 1\n")
    assert affected(_options(repository, as_json=False)) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert ["lower", "no", NOTHING] in rows
    assert ["upper", "yes", "shared/parts.py changed"] in rows


def test_without_an_environment_all_count_also_removed_ones(
    repository: SmallRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.replace("environments/dev.yaml", "LRS", "GRS")
    (repository.root / "environments/prod.yaml").unlink()
    affected(_options(repository))
    (_, upper) = json.loads(capsys.readouterr().out)["stacks"]
    change = "storage.sku changed in environments/dev.yaml; environments/prod.yaml was removed"
    assert upper == {"name": "upper", "affected": True, "reason": change}


def test_what_is_wrong_is_said_in_one_sentence_and_exit_code_2(
    repository: SmallRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="--since: is missing; name the commit, branch or tag to compare with"):
        affected(_options(repository, since=""))
    with pytest.raises(ComparisonError, match="--since nowhere: there is no such commit"):
        affected(_options(repository, since="nowhere"))
    with pytest.raises(EnvironmentFileError, match="there is no such environment; use one of dev, prod"):
        affected(_options(repository, env="test"))
    repository.change(shared__parts="if\n")
    for options in (_options(repository), _options(repository, since="nowhere"), _options(repository, since="")):
        assert answer("affected", lambda options=options: affected(options), options) == 2
        captured = capsys.readouterr()
        assert json.loads(captured.out)["exit_code"] == 2
        assert captured.err.startswith("affected: ")
        assert captured.err.count("\n") == 1


def test_an_environment_of_this_repository_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert affected(Options(since="HEAD", env="prod", json=True)) == 0
    names = [stack["name"] for stack in json.loads(capsys.readouterr().out)["stacks"]]
    assert names == ["identity", "key_vault", "sagemaker", "network_storage", "ml_workspace"]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_sdk_is_imported(form: tuple[str, ...], tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(tmp_path / "clone")], check=True)
    program = (
        "import sys\n"
        "from invoke import Program\n"
        "try:\n    Program().run(['invoke', 'affected', '--since', 'HEAD', *sys.argv[1:]])\n"
        "finally:\n    sys.stderr.write(' '.join(name for name in sys.modules if name.startswith('pulumi')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *form],
        cwd=tmp_path / "clone",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "clone")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "key_vault" in done.stdout
