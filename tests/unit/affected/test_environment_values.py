"""Which values of an environment file a stack reads: found in its text, compared with what its program really does."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.affected.fingerprint_model import differences
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree
from shared.contracts import StackOutputs
from shared.environment import Environment
from shared.environment.loading import REPOSITORY
from shared.environment.section import Section
from shared.providers import use_explicit_providers
from tests.unit.affected.changed_files import STACKS, text_of, touched, with_files
from tests.unit.affected.every_program import PROGRAMS, environment_named
from tests.unit.sample_contracts import sample
from tests.unit.stack_mocks import record


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot(WorkTree(REPOSITORY))


def _places(section: Section, place: str = "") -> Iterator[tuple[int, str]]:
    yield id(section), place
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _places(value, f"{place}.{name}" if place else name)


@contextmanager
def _recording(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Generator[set[str]]:
    """Collect the dotted keys of the values that are read; of sections only what is read in them."""
    places, read = dict(_places(environment)), set[str]()
    original = Section.__getattribute__

    def recorded(section: Section, name: str) -> Any:
        value = original(section, name)
        place = places.get(id(section))
        if place is not None and name in type(section).model_fields and not isinstance(value, Section):
            read.add(f"{place}.{name}" if place else name)
        return value

    with monkeypatch.context() as patch:
        patch.setattr(Section, "__getattribute__", recorded)
        yield read


@pytest.mark.parametrize("name", ["sandbox", "dev", "staging", "prod", "every option"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__module__.split(".")[1])
def test_what_a_program_reads_is_in_its_fingerprint(
    program: Callable[..., StackOutputs], name: str, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environment_named(name)
    stack = program.__module__.split(".")[1]

    def declare() -> dict[str, Any]:
        use_explicit_providers(environment)
        program(environment, *(sample(contract, {}) for contract in PROGRAMS[program]))
        return {}

    secrets = dict.fromkeys(environment.key_vault.secrets, "value")
    with _recording(environment, monkeypatch) as read:
        record(declare, project=stack, stack=environment.name, secrets=secrets)
    said = snapshot.fingerprint(stack, environment.name).values.keys()
    assert len(read) > 8
    assert {key for key in read - {"name"} if not any(key == one or key.startswith(f"{one}.") for one in said)} == set()


def _prod(before: str, after: str) -> dict[str, str | None]:
    text = text_of("environments/prod.yaml")
    assert text.count(before) == 1
    return {"environments/prod.yaml": text.replace(before, after)}


def test_a_value_touches_the_stacks_that_read_it() -> None:
    change = "sagemaker.instance_type changed in environments/prod.yaml"
    assert touched(_prod("instance_type: ml.m5.xlarge", "instance_type: ml.m5.large")) == {"sagemaker": (change,)}


def test_a_section_of_another_stack_is_not_read(snapshot: Snapshot) -> None:
    values = {stack: snapshot.fingerprint(stack, "prod").values.keys() for stack in STACKS}
    readers = {
        section: {stack for stack in STACKS if any(key.partition(".")[0] == section for key in values[stack])}
        for section in ("sagemaker", "key_vault", "virtual_network", "state")
    }
    assert readers == {
        "sagemaker": {"sagemaker"},
        "key_vault": {"key_vault", "network_storage", "ml_workspace"},
        "virtual_network": {"network_storage"},
        "state": set(),
    }
    # key_vault makes nothing on AWS, so the region that a provider of AWS would have is nothing to it.
    assert "aws.region" in values["sagemaker"]
    assert "aws.region" not in values["key_vault"]


def test_a_property_of_the_model_reads_what_its_body_reads(snapshot: Snapshot) -> None:
    # key_vault asks for env.private_endpoints only.
    assert "storage.access" in snapshot.fingerprint("key_vault", "prod").values
    assert "storage.sku" not in snapshot.fingerprint("key_vault", "prod").values


def test_an_optional_section_is_read_as_one(snapshot: Snapshot) -> None:
    values = snapshot.fingerprint("sagemaker", "prod").values
    assert {key for key in values if key.startswith("sagemaker.network")} == {"sagemaker.network"}


def test_order_comments_and_spelling_of_values_touch_nothing() -> None:
    text = text_of("environments/prod.yaml")
    prod = text.replace(
        '    model/learning-rate: "0.1"\n    model/rounds: "100"',
        "    model/rounds: '100'\n    # x\n    model/learning-rate: '0.1'",
    )
    assert prod != text
    assert touched({"environments/prod.yaml": prod}) == {}


def test_another_environments_values_touch_nothing() -> None:
    dev = text_of("environments/dev.yaml").replace("generation: 1", "generation: 2")
    assert touched({"environments/dev.yaml": dev}) == {}
    assert set(touched({"environments/dev.yaml": dev}, "dev")) == set(STACKS)


def test_a_key_that_is_removed_or_added_is_named_so() -> None:
    without = _prod("  minimum_auc: 0.8\n", "")
    assert touched(without) == {"sagemaker": ("sagemaker.minimum_auc was removed from environments/prod.yaml",)}
    before, after = Snapshot(with_files(without)), Snapshot(WorkTree(REPOSITORY))
    found = differences(before.fingerprint("sagemaker", "prod"), after.fingerprint("sagemaker", "prod"))
    assert found == ("sagemaker.minimum_auc was added to environments/prod.yaml",)


def test_without_a_model_every_value_counts() -> None:
    tree = with_files({"shared/environment/__init__.py": ""})
    values = Snapshot(tree).fingerprint("key_vault", "prod").values
    assert {"sagemaker", "key_vault", "state"} <= values.keys()
