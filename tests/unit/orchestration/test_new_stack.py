"""What a stack that does not exist yet is given before the engine is called."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shared.orchestration.job import StackJob
from shared.orchestration.new_stack import adopt_salt, lay_out, make, secrets_provider_of, settings_of

SALT = "v1:vUUhpKn8vVY=:v1:rU8mVfffq3BagYVg:XybQo6/w9kzm0NaTqj/QSF9xMvOW5g=="
OTHER = SALT.replace("vUUh", "vUUi")
CLOUD = {"secretsprovider": "awskms://alias/state", "encryptedkey": "a2V5"}


def job(work: Path, stack: str = "upper", *, secrets_provider: str | None = None) -> StackJob:
    (work / stack).mkdir(parents=True, exist_ok=True)
    return StackJob(
        stack=stack,
        environment="sandbox",
        operation="preview",
        root=work,
        main=work / "__main__.py",
        engine=work / "pulumi",
        engine_version="3.259.0",
        work_dir=work / stack,
        variables={"PULUMI_BACKEND_URL": f"file://{work / 'state'}?metadata=skip"},
        secrets_provider=secrets_provider,
        generated_secrets=(),
        verbose=False,
    )


def settings(work: Path, stack: str, **said: Any) -> None:
    (work / stack).mkdir(parents=True, exist_ok=True)
    with (work / stack / "Pulumi.sandbox.yaml").open("w", encoding="utf-8") as stream:
        YAML().dump(said, stream)


def test_a_new_stack_takes_the_salt_of_a_stack_beside_it(tmp_path: Path) -> None:
    settings(tmp_path, "lower", encryptionsalt=SALT)
    adopt_salt(job(tmp_path))
    assert settings_of(job(tmp_path)) == {"encryptionsalt": SALT}
    assert (tmp_path / "upper" / "Pulumi.sandbox.yaml").read_text(encoding="utf-8") == f"encryptionsalt: {SALT}\n"


def test_the_settings_of_a_new_stack_stay_beside_its_salt(tmp_path: Path) -> None:
    settings(tmp_path, "lower", encryptionsalt=SALT)
    settings(tmp_path, "upper", config={"upper:size": "3"})
    adopt_salt(job(tmp_path))
    assert settings_of(job(tmp_path)) == {"encryptionsalt": SALT, "config": {"upper:size": "3"}}


@pytest.mark.parametrize("own", [{"encryptionsalt": OTHER}, CLOUD, {"secretsprovider": "awskms://alias/state"}])
def test_a_stack_keeps_its_own_way_to_encrypt(tmp_path: Path, own: dict[str, str]) -> None:
    settings(tmp_path, "lower", encryptionsalt=SALT)
    settings(tmp_path, "upper", **own)
    adopt_salt(job(tmp_path))
    assert settings_of(job(tmp_path)) == own


def test_no_salt_is_taken_where_secrets_are_encrypted_with_a_key_in_a_cloud(tmp_path: Path) -> None:
    settings(tmp_path, "lower", encryptionsalt=SALT)
    adopt_salt(job(tmp_path, secrets_provider="awskms://alias/state"))
    assert settings_of(job(tmp_path)) == {}


@pytest.mark.parametrize("beside", [SALT[:-1], "", "v1:vUUhpKn8vVY=", f"x{SALT}", f"{SALT}x"])
def test_a_salt_that_is_being_written_is_not_taken(tmp_path: Path, beside: str) -> None:
    settings(tmp_path, "lower", encryptionsalt=beside)
    adopt_salt(job(tmp_path))
    assert settings_of(job(tmp_path)) == {}


@pytest.mark.parametrize(
    ("said", "provider"),
    [
        ({"encryptionsalt": SALT}, {"type": "passphrase", "state": {"salt": SALT}}),
        (CLOUD, {"type": "cloud", "state": {"url": "awskms://alias/state", "encryptedkey": "a2V5"}}),
    ],
)
def test_a_stack_without_resources_is_laid_out_with_its_secrets_provider(
    tmp_path: Path, said: dict[str, str], provider: dict[str, Any]
) -> None:
    settings(tmp_path, "upper", **said)
    assert lay_out(job(tmp_path), tmp_path / "scratch")
    file = tmp_path / "scratch" / ".pulumi" / "stacks" / "upper" / "sandbox.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["checkpoint"]["stack"] == "organization/upper/sandbox"
    assert found["checkpoint"]["latest"]["secrets_providers"] == provider == secrets_provider_of(said)
    assert found["checkpoint"]["latest"]["resources"] == []


def test_a_stack_that_does_not_say_how_it_encrypts_is_left_to_the_engine(tmp_path: Path) -> None:
    settings(tmp_path, "upper", config={"upper:size": "3"})
    assert not lay_out(job(tmp_path), tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()


def state(work: Path) -> Path:
    return work / "state" / ".pulumi" / "stacks" / "upper" / "sandbox.json"


def test_a_stack_is_made_in_a_backend_that_never_had_one(tmp_path: Path) -> None:
    settings(tmp_path, "upper", **CLOUD)
    assert make(job(tmp_path))
    found = json.loads(state(tmp_path).read_text(encoding="utf-8"))
    assert found["checkpoint"]["latest"]["secrets_providers"] == secrets_provider_of(CLOUD)
    assert (tmp_path / "state" / ".pulumi" / "meta.yaml").read_text(encoding="utf-8") == "version: 1\n"


def test_a_stack_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    settings(tmp_path, "upper", **CLOUD)
    assert make(job(tmp_path))
    state(tmp_path).write_text("what another run deployed", encoding="utf-8")
    assert make(job(tmp_path))
    assert state(tmp_path).read_text(encoding="utf-8") == "what another run deployed"


@pytest.mark.parametrize("version", [None, "version: 0\n", "version: 2\n"])
def test_a_backend_whose_stacks_lie_elsewhere_is_left_to_the_engine(tmp_path: Path, version: str | None) -> None:
    settings(tmp_path, "upper", **CLOUD)
    folder = tmp_path / "state" / ".pulumi"
    (folder / "stacks").mkdir(parents=True)
    (folder / "stacks" / "old.json").touch()
    if version:
        (folder / "meta.yaml").write_text(version, encoding="utf-8")
    assert not make(job(tmp_path))
    assert not state(tmp_path).exists()


def test_a_stack_that_does_not_say_how_it_encrypts_is_made_by_the_engine(tmp_path: Path) -> None:
    settings(tmp_path, "upper", config={"upper:size": "3"})
    assert not make(job(tmp_path))
    assert not (tmp_path / "state").exists()


def test_a_backend_that_cannot_be_used_is_left_to_the_engine_to_complain_about(tmp_path: Path) -> None:
    settings(tmp_path, "upper", **CLOUD)
    (tmp_path / "state").touch()
    assert not make(job(tmp_path))


def test_who_may_read_the_engines_files_is_not_changed(tmp_path: Path) -> None:
    settings(tmp_path, "upper", **CLOUD)
    folder = tmp_path / "state" / ".pulumi" / "stacks"
    folder.mkdir(parents=True)
    (folder.parent / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
    folder.chmod(0o775)
    assert make(job(tmp_path))
    assert folder.stat().st_mode & 0o777 == 0o775
