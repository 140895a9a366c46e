"""Which stacks a change touches: a commit against the work tree."""

import shutil
import subprocess
from pathlib import Path

import pytest

from shared.affected.errors import ComparisonError, ProgramError
from shared.affected.since import Affected, affected_since
from shared.orchestration.errors import GraphError
from tests.unit.affected.changed_files import write
from tests.unit.affected.small_repository import SmallRepository

NOTHING = "nothing that it is made of or reads changed"
BELOW = "not touched itself; reads from lower: a preview shows whether its outputs change"
ENVIRONMENTS = ("dev", "prod")


@pytest.fixture
def repository(tmp_path: Path) -> SmallRepository:
    return SmallRepository.make(tmp_path)


def _since(repository: SmallRepository, ref: str = "before") -> dict[str, tuple[bool, str]]:
    found = affected_since(repository.root, ref, ENVIRONMENTS)
    return {one.name: (one.affected, one.reason) for one in found}


def test_without_a_change_every_stack_is_listed_and_none_is_touched(repository: SmallRepository) -> None:
    assert affected_since(repository.root, "before", ENVIRONMENTS) == (
        Affected(name="lower", affected=False, reason=NOTHING),
        Affected(name="upper", affected=False, reason=NOTHING),
    )


def test_a_comment_in_a_document_touches_nothing(repository: SmallRepository) -> None:
    write(repository.root, {"README.md": "<!-- new -->\n", "docs/page.md": "x", "tests/test_x.py": "x", ".ci/run": "x"})
    write(repository.root, {"stacks/lower/README.md": "x", "shared/elsewhere.py": "X = 2\n", "inv": "x"})
    assert _since(repository) == {"lower": (False, NOTHING), "upper": (False, NOTHING)}


@pytest.mark.parametrize("committed", [True, False])
def test_shared_code_touches_who_uses_it(repository: SmallRepository, *, committed: bool) -> None:
    repository.change(shared__parts="X = 2\n")
    if committed:
        repository.commit()
    assert _since(repository) == {"lower": (False, NOTHING), "upper": (True, "shared/parts.py changed")}


def test_a_comment_and_layout_touch_nothing(repository: SmallRepository) -> None:
    repository.change(shared__parts="# a comment\n\n\n", stacks__lower__program="# another\n")
    assert _since(repository) == {"lower": (False, NOTHING), "upper": (False, NOTHING)}


def test_who_reads_from_a_touched_stack_is_not_touched_and_says_so(repository: SmallRepository) -> None:
    repository.replace("stacks/lower/program.py", '"group")', '"other")')
    assert _since(repository) == {"lower": (True, "stacks/lower/program.py changed"), "upper": (False, BELOW)}


def test_sixty_stacks_that_all_read_from_each_other_take_no_time(repository: SmallRepository) -> None:
    for number in range(60):
        above = [f"c{other}: C{other}" for other in range(number)]
        program = f"def program({', '.join(['env: Environment', *above])}) -> C{number}: ..."
        files = {"program.py": program, "__main__.py": "", "Pulumi.yaml": ""}
        write(repository.root, {f"stacks/s{number}/{name}": text for name, text in files.items()})
    repository.commit()
    repository.git("tag", "many")
    write(repository.root, {"stacks/s0/__main__.py": "print(1)\n"})
    found = _since(repository, "many")
    assert found["s0"] == (True, "stacks/s0/__main__.py changed")
    assert [found[f"s{number}"][1].startswith("not touched itself; reads from s0") for number in (1, 59)] == [True] * 2


def test_a_value_touches_who_reads_it_in_that_environment(repository: SmallRepository) -> None:
    repository.replace("environments/prod.yaml", "ZRS", "GZRS")
    change = "storage.sku changed in environments/prod.yaml"
    assert _since(repository) == {"lower": (False, NOTHING), "upper": (True, change)}
    assert not any(one.affected for one in affected_since(repository.root, "before", ["dev"]))


def test_a_value_that_nobody_reads_touches_nothing(repository: SmallRepository) -> None:
    repository.replace("environments/prod.yaml", "days: 30", "days: 31")
    assert _since(repository) == {"lower": (False, NOTHING), "upper": (False, NOTHING)}


def test_a_removed_key_and_a_new_and_a_removed_environment_are_named(repository: SmallRepository) -> None:
    repository.replace("environments/dev.yaml", "  sku: LRS\n", "")
    assert _since(repository)["upper"] == (True, "storage.sku was removed from environments/dev.yaml")
    repository.git("checkout", "--quiet", ".")
    (repository.root / "environments/dev.yaml").unlink()
    assert _since(repository)["lower"] == (True, "environments/dev.yaml was removed")
    repository.git("checkout", "--quiet", ".")
    write(repository.root, {"environments/test.yaml": "platform: mlp\n"})
    found = affected_since(repository.root, "before", ["test"])
    assert [one.reason for one in found] == ["environments/test.yaml is new"] * 2


def test_three_differences_are_told_and_the_rest_counted(repository: SmallRepository) -> None:
    repository.replace("environments/prod.yaml", "ZRS", "GZRS")
    repository.replace("environments/prod.yaml", "mlp", "ml")
    repository.replace("environments/dev.yaml", "mlp", "ml")
    repository.change(shared__naming="X = 1\n", shared__parts="X = 1\n")
    parts = ("shared/naming.py changed", "shared/parts.py changed", "platform changed in environments/dev.yaml")
    assert _since(repository)["upper"] == (True, "; ".join([*parts, "and 2 more"]))


def test_versions_of_what_a_stack_imports(repository: SmallRepository) -> None:
    repository.replace("requirements/project.txt", "ruff==0.15.0", "ruff==0.16.0")
    assert _since(repository) == {"lower": (False, NOTHING), "upper": (False, NOTHING)}
    repository.replace("requirements/project.txt", "pulumi-aws==7.51.1", "pulumi-aws==7.52.0")
    assert _since(repository) == {"lower": (True, "pulumi-aws is 7.52.0, was 7.51.1"), "upper": (False, BELOW)}


def test_a_new_stack_is_new_and_a_removed_one_leaves_orphans(repository: SmallRepository) -> None:
    shutil.rmtree(repository.root / "stacks/upper")
    found = affected_since(repository.root, "before", ENVIRONMENTS)
    assert [one.name for one in found] == ["lower", "upper"]
    assert found[1].affected
    assert found[1].reason == (
        "its folder was removed: what it deployed to dev, prod stays there and nothing manages it; "
        "put it back, destroy it, then remove it"
    )
    repository.commit()
    repository.git("tag", "without")
    repository.git("checkout", "--quiet", "before", "--", "stacks/upper")
    assert _since(repository, "without") == {"lower": (False, NOTHING), "upper": (True, "is new")}


def test_data_files_with_spaces_links_and_modes(repository: SmallRepository) -> None:
    table = repository.root / "stacks/upper/some table.csv"
    table.chmod(0o755)
    assert _since(repository)["upper"] == (True, "stacks/upper/some table.csv changed")
    repository.git("checkout", "--quiet", ".")
    assert _since(repository)["upper"] == (False, NOTHING)
    table.write_text("c,d\n", encoding="utf-8")
    assert _since(repository)["upper"] == (True, "stacks/upper/some table.csv changed")
    table.unlink()
    table.symlink_to("../../README.md")
    assert _since(repository)["upper"] == (True, "stacks/upper/some table.csv changed")


def test_a_document_that_a_link_leads_to_counts(repository: SmallRepository) -> None:
    (repository.root / "stacks/upper/page.txt").symlink_to("../../README.md")
    repository.commit()
    repository.git("tag", "linked")
    write(repository.root, {"README.md": "# Another\n"})
    assert _since(repository, "linked")["upper"] == (True, "stacks/upper/page.txt changed")
    repository.commit()
    assert _since(repository, "linked")["upper"] == (True, "stacks/upper/page.txt changed")


def test_a_renamed_module_and_an_untracked_one(repository: SmallRepository) -> None:
    repository.git("mv", "shared/parts.py", "shared/pieces.py")
    repository.replace("stacks/upper/program.py", "shared.parts", "shared.pieces")
    sentences = _since(repository)["upper"][1].split("; ")
    assert sentences == [
        "shared/parts.py is not part of it any more",
        "shared/pieces.py is part of it now",
        "stacks/upper/program.py changed",
    ]
    repository.commit()
    repository.git("tag", "renamed")
    repository.change(shared__unused="X = 1\n")
    assert _since(repository, "renamed")["upper"] == (False, NOTHING)
    repository.change(stacks__upper__program="import shared.unused\n")
    assert "shared/unused.py is part of it now" in _since(repository, "renamed")["upper"][1]


def test_a_deleted_file_that_was_part_of_it_counts(repository: SmallRepository) -> None:
    repository.change(stacks__lower__program="try:\n    import shared.elsewhere\nexcept ImportError:\n    pass\n")
    repository.commit()
    repository.git("tag", "using")
    (repository.root / "shared/elsewhere.py").unlink()
    assert _since(repository, "using")["lower"] == (True, "shared/elsewhere.py is not part of it any more")


def test_in_the_middle_of_a_conflict_the_file_as_it_lies_there_counts(repository: SmallRepository) -> None:
    repository.git("checkout", "--quiet", "-b", "other")
    repository.replace("environments/prod.yaml", "ZRS", "GRS")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.replace("environments/prod.yaml", "ZRS", "LRS")
    repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "--quiet", "other")
    write(repository.root, {"environments/prod.yaml": "platform: mlp\nstorage:\n  sku: ZRS\n  days: 30\n"})
    assert _since(repository)["upper"] == (False, NOTHING)
    write(repository.root, {"environments/prod.yaml": "platform: mlp\nstorage:\n  sku: GRS\n  days: 30\n"})
    assert _since(repository)["upper"] == (True, "storage.sku changed in environments/prod.yaml")


def test_a_folder_of_a_repository_is_compared_with_itself(repository: SmallRepository) -> None:
    inside = write(repository.root / "fork", {})
    inside.mkdir()
    for name in ("contracts.py", "environments", "requirements", "shared", "stacks"):
        source = repository.root / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, inside / name)
    repository.commit()
    repository.git("tag", "nested")
    (inside / "shared/parts.py").write_text("def part(*_: str) -> str:\n    return ''\n", encoding="utf-8")
    found = affected_since(inside, "nested", ENVIRONMENTS)
    assert [(one.name, one.affected) for one in found] == [("lower", False), ("upper", True)]


def test_a_program_that_cannot_be_read_is_said_with_its_commit(repository: SmallRepository) -> None:
    repository.replace("shared/parts.py", "return", "retur n")
    repository.commit()
    repository.git("tag", "broken")
    with pytest.raises(ProgramError, match=r"shared/parts.py \(line 2\): is not Python: .*; correct it"):
        _since(repository)
    repository.git("checkout", "--quiet", "before", "--", ".")
    with pytest.raises(ProgramError, match=r"shared/parts.py \(line 2\) at broken: is not Python: .*; name a commit"):
        _since(repository, "broken")
    repository.replace("stacks/upper/program.py", "LowerOutputs, UpperOutputs", "Nobody, UpperOutputs")
    repository.replace("stacks/upper/program.py", "lower: LowerOutputs", "lower: Nobody")
    with pytest.raises(GraphError, match="Nobody"):
        _since(repository)


@pytest.mark.parametrize("ref", ["nowhere", "-x", "--help", "before:README.md", ""])
def test_a_commit_that_is_not_there(repository: SmallRepository, ref: str) -> None:
    with pytest.raises(ComparisonError, match="there is no such commit, branch or tag; name one") as caught:
        _since(repository, ref)
    assert caught.value.ref == ref


def test_a_shallow_clone_says_what_to_fetch(
    repository: SmallRepository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repository.change(shared__parts="X = 1\n")
    repository.commit()
    clone = tmp_path_factory.mktemp("clones") / "shallow"
    command = ["git", "clone", "--quiet", "--depth=1", "--no-tags", f"file://{repository.root}", str(clone)]
    subprocess.run(command, check=True)
    with pytest.raises(ComparisonError, match="in this shallow clone; fetch it: git fetch --depth=1 origin before"):
        affected_since(clone, "before", ENVIRONMENTS)


def test_what_git_refuses_is_said_in_its_words(repository: SmallRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch for its tests of safe.directory
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(ComparisonError, match=r"git refuses \(.*dubious ownership.*\); do as git says"):
        _since(repository)


def test_a_blob_that_a_clone_lacks_is_named(repository: SmallRepository) -> None:
    blob = repository.git("rev-parse", "before:shared/elsewhere.py").strip()
    (repository.root / "shared/elsewhere.py").unlink()
    file = repository.root / ".git/objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.unlink()
    with pytest.raises(ComparisonError, match=f"its file {blob} is not in this clone; fetch the whole commit"):
        _since(repository)


def test_without_a_repository_or_git_there_is_nothing_to_compare(
    repository: SmallRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(repository.root / ".git")
    with pytest.raises(ComparisonError, match="is not in a git repository"):
        _since(repository)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ComparisonError, match="git is not installed; install it"):
        _since(repository)
