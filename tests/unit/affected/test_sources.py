"""Which files a stack is made of."""

import ast
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.affected.errors import ProgramError
from shared.affected.fingerprint import fingerprint
from shared.affected.fingerprint_model import differences
from shared.affected.locked import versions_of
from shared.affected.snapshot import Snapshot
from shared.affected.tree import Entry, Overlay, WorkTree
from shared.environment.loading import REPOSITORY
from tests.unit.affected.changed_files import STACKS, text_of, touched, with_files, write

MAIN = "from stacks.one.program import program\n"


def _sources(root: Path, program: str) -> set[str]:
    """Return what a stack `one` of a small repository is made of, besides its program."""
    write(root, {"stacks/one/__main__.py": MAIN, "stacks/one/program.py": program})
    return set(fingerprint(root, "one", "dev").sources) - {"stacks/one/__main__.py", "stacks/one/program.py"}


def _users(path: str) -> set[str]:
    return {stack for stack in STACKS if path in Snapshot(WorkTree(REPOSITORY)).fingerprint(stack, "prod").sources}


def test_a_component_touches_exactly_the_stacks_that_use_it() -> None:
    component = "shared/components/private_endpoint.py"
    text = text_of(component) + "\nNEW = 1\n"
    change = (f"{component} changed",)
    assert touched({component: text}) == {"network_storage": change, "ml_workspace": change}


def test_a_comment_and_a_docstring_in_a_component_touch_nothing() -> None:
    component = "shared/components/private_endpoint.py"
    text = text_of(component)
    first, rest = text.split("\n", 1)
    assert touched({component: f'"""Something else."""\n# and a comment\n\n{rest}'}) == {}
    assert first.startswith('"""')


def test_pages_touch_nothing() -> None:
    changes = {"README.md": "x", "stacks/identity/README.md": "x", "docs/costs.md": None, "stacks/identity/NEW.md": "x"}
    assert touched(changes) == {}


def test_a_new_file_that_nobody_imports_touches_nothing() -> None:
    assert touched({"shared/components/unused.py": "X = 1\n", "stacks/identity/unused.py": "X = 1\n"}) == {}


def test_what_no_program_imports_touches_nothing() -> None:
    changes = {path: f"{text_of(path)}\nX = 1\n" for path in ("shared/commands/answer.py", "shared/sandbox/wire.py")}
    assert touched({**changes, "stacks/ml_workspace/client/report.py": "X = 1\n", "tasks.py": "X = 1\n"}) == {}


def test_a_renamed_module_is_named_under_both_names() -> None:
    text = text_of("stacks/key_vault/vault.py")
    importers = {
        path: text_of(path).replace("stacks.key_vault.vault", "stacks.key_vault.safe")
        for path in ("stacks/key_vault/program.py", "stacks/key_vault/encryption.py")
    }
    found = touched({"stacks/key_vault/vault.py": None, "stacks/key_vault/safe.py": text, **importers})
    assert set(found) == {"key_vault"}
    assert {
        "stacks/key_vault/vault.py is not part of it any more",
        "stacks/key_vault/safe.py is part of it now",
        "stacks/key_vault/program.py changed",
    } <= set(found["key_vault"])


def test_a_package_that_passes_names_on_leads_only_to_those_that_are_asked_for() -> None:
    assert _users("shared/contracts/sagemaker.py") == {"sagemaker", "ml_workspace"}
    text = text_of("shared/contracts/__init__.py")
    # Another name, and another order, are nothing to anybody; another meaning of a name is.
    more = (
        text.replace('    "output",\n', '    "output",\n    "more",\n') + "from shared.absent import ABSENT as more\n"
    )
    assert touched({"shared/contracts/__init__.py": more}) == {}
    other = text.replace("import SagemakerOutputs", "import OtherOutputs as SagemakerOutputs")
    assert set(touched({"shared/contracts/__init__.py": other})) == {"sagemaker", "ml_workspace"}


def test_a_new_output_touches_the_stack_that_publishes_it_and_no_reader() -> None:
    path = "shared/contracts/identity.py"
    more = text_of(path) + '    more: Output[str] = output("More.")\n'
    assert touched({path: more}) == {"identity": (f"{path} changed",)}
    retyped = text_of(path).replace(
        "aws_permissions_boundary_arn: Output[str]", "aws_permissions_boundary_arn: Output[int]"
    )
    assert set(touched({path: retyped})) == {"identity", "sagemaker"}


def test_a_new_key_touches_nobody_who_does_not_read_its_section() -> None:
    path = "shared/environment/azure_services.py"
    text = text_of(path)
    more = text.replace(
        "    retention_days: Annotated[int, Field(ge=1, le=365)]",
        "    more: int = 1\n    retention_days: Annotated[int, Field(ge=1, le=365)]",
    )
    assert more != text
    assert touched({path: more}) == {}
    narrower = text.replace("Field(ge=1, le=365)", "Field(ge=1, le=300)")
    assert touched({path: narrower}) == {"network_storage": (f"{path} changed",)}


@pytest.mark.parametrize(
    ("program", "files", "sources"),
    [
        ("import parts", {"parts": ""}, {"parts.py"}),
        ("def f():\n    from parts import x", {"parts": "x = 1"}, {"parts.py"}),
        ("try:\n    import parts\nexcept ImportError:\n    pass", {"parts": ""}, {"parts.py"}),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import parts", {"parts": ""}, set()),
        ("import typing\nif typing.TYPE_CHECKING:\n    import parts", {"parts": ""}, set()),
        ("from . import near", {"stacks__one__near": ""}, {"stacks/one/near.py"}),
        ("from .near import x", {"stacks__one__near": "x = 1"}, {"stacks/one/near.py"}),
        ("import near", {"stacks__one__near": ""}, {"stacks/one/near.py"}),
        ("import secrets", {"stacks__one__secrets": ""}, set()),
        ("import a.b", {"a__init": "X = 1", "a__b": "", "a__c": ""}, {"a/__init__.py", "a/b.py"}),
        ("from a import b", {"a__init": "", "a__b": "", "a__c": ""}, {"a/b.py"}),
        ("from a import b", {"a__b": "", "a__c": ""}, {"a/b.py"}),
        (
            "from a import x",
            {"a__init": "from a.b import x\nfrom a.c import y", "a__b": "x = 1", "a__c": "y = 1"},
            {"a/__init__.py", "a/b.py"},
        ),
        (
            "from a import x",
            {"a__init": "from a.b import x\nimport a.c", "a__b": "x = 1", "a__c": ""},
            {"a/__init__.py", "a/b.py", "a/c.py"},
        ),
        (
            "from a import x",
            {"a__init": "from a.b import x\nfrom a.c import y\ny()", "a__b": "x = 1", "a__c": "y = print"},
            {"a/__init__.py", "a/b.py", "a/c.py"},
        ),
        (
            "from a import *",
            {"a__init": "from a.b import x\nfrom a.c import y", "a__b": "x = 1", "a__c": "y = 1"},
            {"a/__init__.py", "a/b.py", "a/c.py"},
        ),
        ("import a\nprint(a.x)", {"a__init": "from a.b import x", "a__b": "x = 1"}, {"a/__init__.py", "a/b.py"}),
        ("import importlib\nimportlib.import_module('parts')", {"parts": "", "shared__c": ""}, {"parts.py"}),
        (
            "import importlib\nimportlib.import_module('par' + 'ts')",
            {"shared__c": "", "stacks__one__d": "", "stacks__two__e": ""},
            {"shared/c.py", "stacks/one/d.py"},
        ),
        ("from a import b", {"a__init": "from a.b import b", "a__b": "from a import b"}, {"a/__init__.py", "a/b.py"}),
    ],
)
def test_imports_are_followed(tmp_path: Path, program: str, files: dict[str, str], sources: set[str]) -> None:
    write(tmp_path, {f"{_path(name)}.py": text for name, text in files.items()})
    assert _sources(tmp_path, program) == sources


def _path(name: str) -> str:
    *folders, last = name.split("__")
    return "/".join([*folders, "__init__" if last == "init" else last])


def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"parts.py": "x = 1\nif\n"})
    with pytest.raises(ProgramError, match=r"parts.py \(line 2\): is not Python: .*; correct it") as caught:
        _sources(tmp_path, "import parts")
    assert (caught.value.path, caught.value.line) == ("parts.py", 2)
    (tmp_path / "parts.py").write_bytes(b"x = '\xff'")
    with pytest.raises(ProgramError, match=r"parts.py: byte 6 is not UTF-8"):
        fingerprint(tmp_path, "one", "dev")
    with pytest.raises(ProgramError, match=r"stacks/none/__main__.py: is missing"):
        fingerprint(tmp_path, "none", "dev")
    write(tmp_path, {"parts.py": "", "environments/dev.yaml": "a: [\n"})
    with pytest.raises(ProgramError, match=r"environments/dev.yaml \(line \d+\)"):
        fingerprint(tmp_path, "one", "dev")
    write(tmp_path, {"environments/dev.yaml": "- a\n"})
    with pytest.raises(ProgramError, match=r"environments/dev.yaml: is not a mapping of keys"):
        fingerprint(tmp_path, "one", "dev")


KEY_VAULT = ("stacks/key_vault/vault.py", "stacks/key_vault/encryption.py", "shared/components/diagnostics.py")


@settings(max_examples=10)
@given(st.sampled_from(KEY_VAULT), st.data())
def test_every_constant_of_what_a_stack_is_made_of_touches_it(path: str, data: st.DataObject) -> None:
    tree = ast.parse(text_of(path))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone]
    chosen = data.draw(st.sampled_from(constants))
    chosen.value = f"{chosen.value} x" if isinstance(chosen.value, str) else not chosen.value
    before, after = Snapshot(WorkTree(REPOSITORY)), Snapshot(with_files({path: ast.unparse(tree)}))
    found = differences(before.fingerprint("key_vault", "prod"), after.fingerprint("key_vault", "prod"))
    assert f"{path} changed" in found


@pytest.mark.parametrize("terms", [900, 5000])
def test_what_is_nested_too_deeply_is_said(tmp_path: Path, terms: int) -> None:
    with pytest.raises(ProgramError, match=r"nested too deeply|is not Python"):
        _sources(tmp_path, "def program() -> str:\n    return " + " + ".join(["x"] * terms))
    assert _sources(tmp_path, "def program() -> str:\n    return " + " + ".join(["x"] * 200)) == set()


def test_scripts_and_data_of_a_stack_count_byte_by_byte() -> None:
    script = "stacks/sagemaker/scripts/train.py"
    assert touched({script: text_of(script) + "# a comment is uploaded too\n"}) == {"sagemaker": (f"{script} changed",)}
    assert touched({"stacks/sagemaker/scripts/README.md": "x"}) == {}
    assert touched({"stacks/key_vault/some table.csv": "x"}) == {
        "key_vault": ("stacks/key_vault/some table.csv is part of it now",)
    }


def test_data_beside_a_shared_module_counts_where_that_could_read_it(tmp_path: Path) -> None:
    reading = {"shared/a/table.csv": "1", "shared/a/deep/b.json": "2", "shared/a/page.md": "3", "shared/a/other.py": ""}
    write(tmp_path, {**reading, "shared/a/reader.py": "from pathlib import Path\nHERE = Path(__file__).parent\n"})
    write(tmp_path, {"shared/b/plain.py": "X = 1", "shared/b/table.csv": "1"})
    found = _sources(tmp_path, "import shared.a.reader, shared.b.plain")
    assert found == {"shared/a/reader.py", "shared/a/table.csv", "shared/a/deep/b.json", "shared/b/plain.py"}


def test_settings_of_other_environments_do_not_count(tmp_path: Path) -> None:
    settings = {f"stacks/one/Pulumi{part}.yaml": "a: 1\n" for part in ("", ".dev", ".prod")}
    write(tmp_path, settings)
    assert _sources(tmp_path, "") == {"stacks/one/Pulumi.yaml", "stacks/one/Pulumi.dev.yaml"}
    before = fingerprint(tmp_path, "one", "dev").sources
    write(tmp_path, {"stacks/one/Pulumi.dev.yaml": "# a comment\na:   1\n"})
    assert fingerprint(tmp_path, "one", "dev").sources == before
    write(tmp_path, {"stacks/one/Pulumi.dev.yaml": "a: 2\n"})
    after = fingerprint(tmp_path, "one", "dev").sources
    assert {path for path in after if after[path] != before[path]} == {"stacks/one/Pulumi.dev.yaml"}


def test_whether_data_may_be_run_counts_and_for_modules_it_does_not(tmp_path: Path) -> None:
    write(tmp_path, {"stacks/one/run.sh": "true\n"})
    _sources(tmp_path, "")
    before = fingerprint(tmp_path, "one", "dev").sources
    for name in ("run.sh", "program.py"):
        (tmp_path / "stacks/one" / name).chmod(0o755)
    after = fingerprint(tmp_path, "one", "dev").sources
    assert {path for path in after if after[path] != before[path]} == {"stacks/one/run.sh"}


def test_links_count_with_what_they_point_to(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/data file.txt": "1", "elsewhere/deep/more.txt": "2", "parts/real.py": "X = 1\n"})
    write(tmp_path, {"stacks/one/program.py": ""})
    stack = tmp_path / "stacks/one"
    (stack / "linked.txt").symlink_to("../../elsewhere/data file.txt")
    (stack / "folder").symlink_to("../../elsewhere/deep", target_is_directory=True)
    (stack / "out").symlink_to("/nowhere")
    (stack / "module.py").symlink_to("../../parts/real.py")
    program = "from stacks.one import module\n"
    found = _sources(tmp_path, program)
    assert found == {f"stacks/one/{name}" for name in ("linked.txt", "folder", "folder/more.txt", "out", "module.py")}
    before = fingerprint(tmp_path, "one", "dev").sources
    write(tmp_path, {"elsewhere/data file.txt": "2", "elsewhere/deep/more.txt": "3", "parts/real.py": "X = 2\n"})
    (stack / "out").unlink()
    (stack / "out").symlink_to("/somewhere")
    after = fingerprint(tmp_path, "one", "dev").sources
    changed = {path.removeprefix("stacks/one/") for path in after if after[path] != before[path]}
    assert changed == {"linked.txt", "folder/more.txt", "out", "module.py"}


def test_a_link_in_another_tree_leads_to_that_trees_file(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/data.txt": "1", "stacks/one/__main__.py": ""})
    (tmp_path / "stacks/one/linked.txt").symlink_to("../../elsewhere/data.txt")
    now = WorkTree(tmp_path)
    then = Overlay(base=now, changes={"elsewhere/data.txt": Entry(content=b"2")}, ref="main")
    one, other = (Snapshot(tree).fingerprint("one", "dev").sources for tree in (now, then))
    assert {path for path in one if one[path] != other[path]} == {"stacks/one/linked.txt"}


def test_a_link_to_itself_ends(tmp_path: Path) -> None:
    write(tmp_path, {"stacks/one/__main__.py": ""})
    (tmp_path / "stacks/one/circle").symlink_to("circle")
    (tmp_path / "stacks/one/up").symlink_to("..")
    assert "stacks/one/circle" in fingerprint(tmp_path, "one", "dev").sources


def _locked(**versions: str) -> dict[str, str | None]:
    text = text_of("requirements/project.txt")
    for name, version in versions.items():
        lines = [line for line in text.splitlines() if line.startswith(f"{name.replace('_', '-')}==")]
        assert len(lines) == 1
        text = text.replace(lines[0], f"{name.replace('_', '-')}=={version} \\")
    return {"requirements/project.txt": text}


def test_a_version_touches_the_stacks_that_import_it() -> None:
    assert touched(_locked(ruff="99.0")) == {}
    aws = touched(_locked(pulumi_aws="99.0"))
    assert set(aws) == {"identity", "sagemaker"}
    assert aws["sagemaker"][0].startswith("pulumi-aws is 99.0, was ")
    assert set(touched(_locked(pulumi="99.0"))) == set(STACKS)


def test_names_of_imports_become_names_of_distributions() -> None:
    locked = {"pulumi-aws": "1", "ruamel-yaml": "2", "grpcio": "3"}
    imported = ["pulumi_aws.iam", "ruamel.yaml.error", "grpc", "json.decoder", "unheard_of.thing"]
    assert versions_of(imported, locked) == locked


def test_files_that_git_ignores_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.log\n", "stacks/one/noise.log": "x", "stacks/one/data.txt": "x"})
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert _sources(tmp_path, "") == {"stacks/one/data.txt"}
    assert with_files({}).ref == ""
