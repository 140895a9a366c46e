"""Where a run keeps its things."""

import stat
from pathlib import Path

import pytest

from shared.environment import Environment, load
from shared.orchestration.definitions import StackDefinition
from shared.orchestration.errors import NotBootstrappedError, StateFolderError
from shared.orchestration.session import Session, real_session, sandbox_session, without_attribute_files
from shared.sandbox.inventory import Inventory, Record


@pytest.fixture
def environment() -> Environment:
    return load("sandbox")


@pytest.fixture
def stack(tmp_path: Path) -> StackDefinition:
    folder = tmp_path / "stacks" / "key_vault"
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: key_vault\nruntime: python\n", encoding="utf-8")
    return StackDefinition(name="key_vault", folder=folder, takes=(), publishes="X")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_sandboxs_passphrase_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path, environment: Environment
) -> None:
    state = tmp_path / "state"
    with sandbox_session(environment, tmp_path, state, clouds=False) as session:
        first = (state / "passphrase").read_text(encoding="utf-8")
        assert session.variables["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(state / "passphrase")
        assert first not in repr(session)
    with sandbox_session(environment, tmp_path, state, clouds=False):
        assert (state / "passphrase").read_text(encoding="utf-8") == first
    assert len(first) >= 32
    assert mode(state / "passphrase") == 0o600
    assert mode(state / "state") == 0o700


def test_settings_are_copied_so_that_no_tracked_file_changes(
    tmp_path: Path, environment: Environment, stack: StackDefinition
) -> None:
    with sandbox_session(environment, tmp_path, tmp_path / "state", clouds=False) as session:
        folder = session.work_dir(stack)
        (folder / "Pulumi.yaml").write_text("name: key_vault\nruntime: python\nconfig: {}\n", encoding="utf-8")
        (folder / "Pulumi.sandbox.yaml").write_text("encryptionsalt: kept\n", encoding="utf-8")
        assert session.work_dir(stack) == folder
        assert (folder / "Pulumi.yaml").read_text(encoding="utf-8") == "name: key_vault\nruntime: python\n"
        assert (folder / "Pulumi.sandbox.yaml").read_text(encoding="utf-8") == "encryptionsalt: kept\n"
    assert (stack.folder / "Pulumi.yaml").read_text(encoding="utf-8") == "name: key_vault\nruntime: python\n"


def test_settings_that_are_the_same_are_left_alone_while_another_command_reads_them(
    tmp_path: Path, environment: Environment, stack: StackDefinition
) -> None:
    with sandbox_session(environment, tmp_path, tmp_path / "state", clouds=False) as session:
        file = session.work_dir(stack) / "Pulumi.yaml"
        before = file.stat().st_ino
        session.work_dir(stack)
        assert file.stat().st_ino == before
        (stack.folder / "Pulumi.yaml").write_text(
            "name: key_vault\nruntime: python\ndescription: x\n", encoding="utf-8"
        )
        with file.open(encoding="utf-8") as reader:
            session.work_dir(stack)
            assert reader.read() == "name: key_vault\nruntime: python\n"  # whole, as it was when it was opened
        assert "description" in file.read_text(encoding="utf-8")
        assert [path.name for path in file.parent.iterdir()] == ["Pulumi.yaml"]


def test_only_the_sandbox_invents_secrets(tmp_path: Path, environment: Environment, stack: StackDefinition) -> None:
    with sandbox_session(environment, tmp_path, tmp_path / "state", clouds=False) as session:
        assert session.invented_secrets(stack) == ("feature-source-token",)
    with real_session(environment, tmp_path) as session:
        assert session.invented_secrets(stack) == ()


def remote(environment: Environment, provider: str) -> Environment:
    data = environment.model_dump()
    data["state"] |= {"backend": "s3://bucket?region=eu-west-1", "secrets_provider": provider}
    return Environment.model_validate({**data, "name": "sandbox"})


@pytest.mark.parametrize(("provider", "said"), [("passphrase", None), ("awskms://alias/x", "awskms://alias/x")])
def test_a_sandbox_keeps_its_state_in_the_bucket_that_its_file_names(
    tmp_path: Path, environment: Environment, provider: str, said: str | None
) -> None:
    (tmp_path / "state").mkdir()
    inventory = Inventory(tmp_path / "state" / "inventory.sqlite")
    inventory.put(Record(id="/a", token="a:b:C", serial=1, unique_name=None, inputs={}, outputs={}))
    with sandbox_session(remote(environment, provider), tmp_path, tmp_path / "state", clouds=False) as session:
        assert session.variables["PULUMI_BACKEND_URL"] == "s3://bucket?region=eu-west-1"
        assert session.secrets_provider == said


def test_what_is_thrown_away_has_its_state_apart(tmp_path: Path, environment: Environment) -> None:
    bucket = remote(environment, "awskms://alias/x")
    with sandbox_session(bucket, tmp_path, tmp_path / "state", clouds=False, apart=True) as session:
        assert session.variables["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/state/state?metadata=skip"
        assert session.secrets_provider is None


@pytest.fixture
def real(tmp_path: Path, environment: Environment) -> Session:
    return Session(
        environment=environment,
        root=tmp_path,
        variables={},
        work=tmp_path / "work",
        secrets_provider="awskms://key",
        inventory=None,
    )


def test_a_real_environment_without_settings_was_not_bootstrapped(real: Session, stack: StackDefinition) -> None:
    with pytest.raises(NotBootstrappedError, match=r"stacks/key_vault/Pulumi\.sandbox\.yaml is missing"):
        real.prepare([stack])


def test_a_real_environments_settings_are_copied_anew_each_time(real: Session, stack: StackDefinition) -> None:
    tracked = stack.folder / "Pulumi.sandbox.yaml"
    for text in ("secretsprovider: awskms://key\n", "secretsprovider: awskms://other\n"):
        tracked.write_text(text, encoding="utf-8")
        assert (real.work_dir(stack) / tracked.name).read_text(encoding="utf-8") == text


def test_the_real_session_uses_the_files_backend_and_secrets_provider(tmp_path: Path) -> None:
    environment = load("prod")
    with real_session(environment, tmp_path) as session:
        assert session.variables["PULUMI_BACKEND_URL"] == environment.state.backend
        assert session.secrets_provider == environment.state.secrets_provider
        assert session.inventory is None
        assert "PULUMI_DEBUG_PROVIDERS" not in session.variables


def test_a_state_folder_that_cannot_be_written_to_is_refused(tmp_path: Path, environment: Environment) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StateFolderError) as caught, sandbox_session(environment, tmp_path, tmp_path / "file" / "s"):
        raise AssertionError("no session begins here")
    assert caught.value.folder == tmp_path / "file" / "s"


def refused(environment: Environment, root: Path, state: Path) -> str:
    """Return the sentence with which a state folder is refused."""
    with pytest.raises(StateFolderError) as caught, sandbox_session(environment, root, state, clouds=False):
        raise AssertionError("no session begins here")
    return str(caught.value)


def test_a_folder_of_which_a_part_was_deleted_is_refused(tmp_path: Path, environment: Environment) -> None:
    state = tmp_path / "state"
    checkpoint = state / "state" / ".pulumi" / "stacks" / "identity" / "sandbox.json"
    with sandbox_session(environment, tmp_path, state):
        checkpoint.parent.mkdir(parents=True)
        checkpoint.write_text('{"checkpoint": {"latest": {"resources": [{}]}}}', encoding="utf-8")
    (state / "inventory.sqlite").unlink()
    assert "its inventory.sqlite is gone, so its clouds are empty; delete that" in refused(environment, tmp_path, state)
    (state / "passphrase").unlink()
    assert "its passphrase is gone, so its state cannot be read" in refused(environment, tmp_path, state)


def test_a_stack_that_holds_nothing_needs_no_clouds(tmp_path: Path, environment: Environment) -> None:
    state = tmp_path / "state"
    with sandbox_session(environment, tmp_path, state, clouds=False):
        checkpoint = state / "state" / ".pulumi" / "stacks" / "identity" / "sandbox.json"
        checkpoint.parent.mkdir(parents=True)
        checkpoint.write_text('{"checkpoint": {"latest": {"resources": null}}}', encoding="utf-8")
    with sandbox_session(environment, tmp_path, state) as session:
        assert session.inventory


def test_clouds_without_a_state_are_refused(tmp_path: Path, environment: Environment) -> None:
    state = tmp_path / "state"
    state.mkdir()
    inventory = Inventory(state / "inventory.sqlite")
    inventory.put(Record(id="/a", token="a:b:C", serial=1, unique_name=None, inputs={}, outputs={}))
    inventory.close()
    assert "its clouds still hold resources" in refused(environment, tmp_path, state)


def test_any_folder_name_makes_a_backend(tmp_path: Path, environment: Environment) -> None:
    with sandbox_session(environment, tmp_path, tmp_path / "a b #1%20", clouds=False) as session:
        assert session.variables["PULUMI_BACKEND_URL"].endswith("/a%20b%20%231%2520/state?metadata=skip")


@pytest.mark.parametrize(
    ("backend", "engine"),
    [
        ("file:///a", "file:///a?metadata=skip"),
        ("file:///a?no_tmp_dir=true", "file:///a?no_tmp_dir=true&metadata=skip"),
        ("file:///a?metadata=skip", "file:///a?metadata=skip"),
        ("s3://bucket?region=eu-west-1", "s3://bucket?region=eu-west-1"),
    ],
)
def test_engines_write_no_files_of_attributes_which_a_kill_could_leave_empty(backend: str, engine: str) -> None:
    assert without_attribute_files(backend) == engine


def test_the_engine_waits_for_more_resources_at_once_than_there_are_cores(tmp_path: Path) -> None:
    with sandbox_session(load("sandbox"), tmp_path, tmp_path / "state", clouds=False) as session:
        assert session.variables["PULUMI_PARALLEL"] == "32"
