"""Every stack's folder is one that Pulumi's own CLI runs too."""

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shared.environment.loading import REPOSITORY
from shared.orchestration.definitions import StackDefinition, discover
from shared.orchestration.job import StackJob
from shared.orchestration.worker import program_of

STACKS = {stack.name: stack for stack in discover(REPOSITORY)}
TEMPLATE = """from shared.stack_program import run
from stacks.{name}.program import program

run(program)
"""


@pytest.fixture(params=sorted(STACKS))
def stack(request: pytest.FixtureRequest) -> StackDefinition:
    return STACKS[request.param]


def test_the_project_is_named_like_the_folder_and_uses_the_repositorys_python(stack: StackDefinition) -> None:
    settings: Any = YAML(typ="safe").load((stack.folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert settings["name"] == stack.name
    assert settings["runtime"]["name"] == "python"
    assert os.path.normpath(stack.folder / settings["runtime"]["options"]["virtualenv"]) == str(REPOSITORY / ".venv")
    assert settings["description"]


def test_main_is_a_docstring_and_one_call(stack: StackDefinition) -> None:
    docstring, _, code = stack.main.read_text(encoding="utf-8").partition("\n\n")
    assert docstring.startswith('"""')
    assert docstring.endswith('"""')
    assert code == TEMPLATE.format(name=stack.name)


def test_no_stack_has_settings_before_its_environment_is_bootstrapped(stack: StackDefinition) -> None:
    assert list(stack.folder.glob("Pulumi.*.yaml")) == []


def job(main: Path) -> StackJob:
    return StackJob(
        stack="s",
        environment="sandbox",
        operation="preview",
        root=main.parent,
        main=main,
        engine=Path("pulumi"),
        engine_version="3.259.0",
        work_dir=main.parent,
        variables={},
        secrets_provider=None,
        generated_secrets=(),
        verbose=False,
    )


def test_the_inline_program_is_the_very_file_that_pulumi_runs(tmp_path: Path) -> None:
    main = tmp_path / "__main__.py"
    main.write_text("import sys\nsys.modules['ran'] = (__name__, __file__)\n", encoding="utf-8")
    try:
        program_of(job(main))()
        inline = sys.modules.pop("ran")
        runpy.run_path(str(main), run_name="__main__")  # what Pulumi's language host does
        assert inline == sys.modules.pop("ran") == ("__main__", str(main))
    finally:
        sys.modules.pop("ran", None)
