"""Which outputs of other stacks a stack reads: found in its text, compared with what its program really reads."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.affected.contract_read import ContractRead
from shared.affected.contract_reads import contract_reads
from shared.affected.fingerprint import fingerprint
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree
from shared.contracts import StackOutputs
from shared.environment.loading import REPOSITORY
from tests.unit.affected.changed_files import STACKS, write
from tests.unit.affected.every_program import PROGRAMS, with_every_option
from tests.unit.sample_contracts import sample
from tests.unit.stack_mocks import record

CONTRACTS = """import dataclasses
class StackOutputs: ...
@dataclasses.dataclass(frozen=True, kw_only=True)
class LowerOutputs(StackOutputs, stack="lower"):
    group: str
    zone: str
    names: dict[str, str]
"""
PROGRAM = """from sample_contracts import LowerOutputs, StackOutputs
import json
class UpperOutputs(StackOutputs, stack="upper"): ...
def program(env: "Unknown", lower: LowerOutputs) -> UpperOutputs:
    {body}
"""


def _reads(tmp_path: Any, body: str, **files: str) -> dict[str, bool]:
    """Return the fields of `lower` that a program reads, and whether its text names them."""
    made = {
        "sample_contracts.py": CONTRACTS,
        "stacks/upper/program.py": PROGRAM.format(body=body),
        "stacks/upper/__main__.py": "from stacks.upper.program import program\n",
        **{f"stacks/upper/{name}.py": text for name, text in files.items()},
    }
    return {read.field: read.certain for read in contract_reads(write(tmp_path, made), "upper")}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__module__.split(".")[1])
def test_what_a_program_reads_is_found(program: Callable[..., StackOutputs], monkeypatch: pytest.MonkeyPatch) -> None:
    environment = with_every_option()
    stack = program.__module__.split(".")[1]
    names = {contract.__name__: {spec.name for spec in contract.specs()} for contract in PROGRAMS[program]}
    read: set[tuple[str, str]] = set()
    original = StackOutputs.__getattribute__

    def recorded(contract: StackOutputs, name: str) -> Any:
        if name in names.get(type(contract).__name__, ()):
            read.add((type(contract).__name__, name))
        return original(contract, name)

    def declare() -> dict[str, Any]:
        contracts = [sample(contract, {}) for contract in PROGRAMS[program]]
        with monkeypatch.context() as patch:
            patch.setattr(StackOutputs, "__getattribute__", recorded)
            program(environment, *contracts)
        return {}

    record(declare, project=stack, secrets=dict.fromkeys(environment.key_vault.secrets, "value"))
    found = {(one.contract, one.field) for one in contract_reads(REPOSITORY, stack)}
    assert read <= found
    certain = {(one.contract, one.field) for one in contract_reads(REPOSITORY, stack) if one.certain}
    assert certain <= read


def test_one_snapshot_answers_for_all_stacks() -> None:
    snapshot = Snapshot(WorkTree(REPOSITORY))
    for stack in ("key_vault", "ml_workspace"):
        assert snapshot.contract_reads(stack) == contract_reads(REPOSITORY, stack)
        assert snapshot.fingerprint(stack, "dev") == fingerprint(REPOSITORY, stack, "dev")


def test_a_read_is_found_where_it_stands() -> None:
    reads = contract_reads(REPOSITORY, "key_vault")
    tenant = [one for one in reads if one.field == "tenant_id"]
    assert [(one.contract, one.file, one.certain) for one in tenant] == [
        ("IdentityOutputs", "stacks/key_vault/vault.py", True)
    ]
    text = (REPOSITORY / tenant[0].file).read_text(encoding="utf-8").splitlines()
    assert "identity.tenant_id" in text[tenant[0].line - 1]
    assert contract_reads(REPOSITORY, STACKS[0]) == ()


def test_shared_code_that_gets_the_contract_reads_too() -> None:
    reads = contract_reads(REPOSITORY, "key_vault")
    assert {"shared/components/role_assignments.py"} == {one.file for one in reads if one.field == "principals"}


def test_a_name_that_is_put_together_at_run_time_may_be_any_field() -> None:
    reads = [one for one in contract_reads(REPOSITORY, "network_storage") if not one.certain]
    assert {one.contract for one in reads} == {"KeyVaultOutputs"}
    assert {one.file for one in reads} == {"shared/components/customer_key.py"}
    assert {"cmk_vault_id", "secret_names", "log_analytics_id"} <= {one.field for one in reads}


ALL = {"group": False, "zone": False, "names": False}


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        ("return lower.group", {"group": True}),
        ("return lower.names['a'], lower.names.get('b')", {"names": True}),
        ("other = lower\n    return other.zone", {"zone": True}),
        ("return [one.zone for one in (lower, lower)]", {"zone": True}),
        ("return (lambda: lower.group)()", {"group": True}),
        ("return None if lower is None else 1", {}),
        ("return (lower or None).group", {"group": True}),
        ("if (same := lower).zone:\n        return same.group", {"zone": True, "group": True}),
        ("def inner() -> str:\n        return lower.zone\n    return inner()", {"zone": True}),
        ("return getattr(lower, 'group')", ALL),
        ("return json.dumps(lower)", ALL),
        ("return [value for value in lower]", ALL),
        ("return f'{lower}'", ALL),
        ("return lower == 1", ALL),
        ("return vars(lower)", ALL),
        ("return dict(**lower)", ALL),
        ("return [*lower]", ALL),
        ("match lower:\n        case LowerOutputs(group=group):\n            return group", ALL),
        ("return lower", ALL),
        ("return lower.publish()", ALL),
        ("json.kept = lower", ALL),
    ],
)
def test_what_can_be_followed_is_followed_and_all_else_counts_whole(
    tmp_path: Any, body: str, reads: dict[str, bool]
) -> None:
    assert _reads(tmp_path, body) == reads


def test_functions_classes_and_records_hand_it_on(tmp_path: Any) -> None:
    parts = """import dataclasses
from sample_contracts import LowerOutputs

@dataclasses.dataclass(frozen=True)
class Holder:
    lower: LowerOutputs

    @property
    def zone(self) -> str:
        return self.lower.zone

class Plain:
    def __init__(self, lower: LowerOutputs) -> None:
        self._kept = lower

    def group(self) -> str:
        return self._kept.group

def make(lower: LowerOutputs) -> Holder:
    return Holder(lower)

def never(lower: LowerOutputs) -> str:
    return lower.names["x"]
"""
    body = "from stacks.upper import parts\n    return parts.make(lower).zone, parts.Plain(lower=lower).group()"
    assert _reads(tmp_path, body, parts=parts) == {"zone": True, "group": True}


def test_a_record_that_holds_it_takes_it_along(tmp_path: Any) -> None:
    parts = """import dataclasses
from sample_contracts import LowerOutputs

@dataclasses.dataclass(frozen=True)
class Holder:
    lower: LowerOutputs
"""
    body = "from stacks.upper.parts import Holder\n    return json.dumps(dataclasses.asdict(Holder(lower)))"
    assert _reads(tmp_path, body, parts=parts) == ALL


def test_a_parameter_without_its_class_is_out_of_sight(tmp_path: Any) -> None:
    parts = "def of(anything: object) -> str:\n    return str(anything)\n"
    assert _reads(tmp_path, "from stacks.upper.parts import of\n    return of(lower)", parts=parts) == ALL


def test_annotations_that_only_type_checkers_see_are_followed(tmp_path: Any) -> None:
    parts = """from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from sample_contracts import LowerOutputs

def zone(lower: "LowerOutputs | None") -> str:
    return lower.zone if lower is not None else ""
"""
    assert _reads(tmp_path, "from stacks.upper.parts import zone\n    return zone(lower)", parts=parts) == {
        "zone": True
    }


def test_a_named_tuple_that_holds_it_takes_it_along(tmp_path: Any) -> None:
    parts = """from typing import NamedTuple
from sample_contracts import LowerOutputs
class Pair(NamedTuple):
    lower: LowerOutputs
    name: str
"""
    body = "from stacks.upper.parts import Pair\n    return max([Pair(lower, 'a')], key=str)"
    assert _reads(tmp_path, body, parts=parts) == ALL
    body = "from stacks.upper.parts import Pair\n    return Pair(lower, 'a').lower.zone"
    assert _reads(tmp_path, body, parts=parts) == {"zone": True}


def test_functions_in_tables_defaults_and_decorators_are_reached(tmp_path: Any) -> None:
    parts = """import functools
from collections.abc import Callable
from typing import ClassVar
from sample_contracts import LowerOutputs

def group(lower: LowerOutputs) -> str:
    return lower.group

def zone(lower: LowerOutputs) -> str:
    return lower.zone

def names(lower: LowerOutputs) -> str:
    return lower.names["a"]

TABLE: dict[str, Callable[[LowerOutputs], str]] = {"group": group}

class Chooser:
    table: ClassVar[dict[str, Callable[[LowerOutputs], str]]] = {"zone": zone}

    def of(self, key: str, lower: LowerOutputs) -> str:
        return self.table[key](lower)

@functools.cache
def by_default(lower: LowerOutputs, read: Callable[[LowerOutputs], str] = names) -> str:
    return read(lower)
"""
    body = "from stacks.upper import parts\n    return "
    assert _reads(tmp_path, body + "parts.TABLE['group'](lower)", parts=parts) == {"group": True}
    assert _reads(tmp_path, body + "parts.TABLE.get('group')(lower)", parts=parts) == {"group": True}
    assert _reads(tmp_path, body + "parts.Chooser().of('zone', lower)", parts=parts) == {"zone": True}
    assert _reads(tmp_path, body + "parts.by_default(lower)", parts=parts) == {"names": True}


def test_a_default_of_an_inner_function_is_read(tmp_path: Any) -> None:
    body = "def inner(zone: str = lower.zone) -> str:\n        return zone\n    return inner()"
    assert _reads(tmp_path, body) == {"zone": True}


def test_names_that_are_all_taken_over_are_known(tmp_path: Any) -> None:
    parts = "from sample_contracts import *\ndef zone(lower: LowerOutputs) -> str:\n    return lower.zone\n"
    assert _reads(tmp_path, "from stacks.upper.parts import zone\n    return zone(lower)", parts=parts) == {
        "zone": True
    }


def test_base_classes_and_methods_of_them_are_followed(tmp_path: Any) -> None:
    parts = """from sample_contracts import LowerOutputs
class Base:
    def __init__(self, lower: LowerOutputs) -> None:
        self.lower = lower

    @classmethod
    def make(cls, lower: LowerOutputs) -> "Base":
        return cls(lower)

    @staticmethod
    def zone(lower: LowerOutputs) -> str:
        return lower.zone

class Derived(Base):
    def __init__(self, lower: LowerOutputs) -> None:
        super().__init__(lower)

    def group(self) -> str:
        return self.lower.group
"""
    body = "from stacks.upper.parts import Derived\n    return Derived(lower).group(), Derived.make(lower), "
    assert _reads(tmp_path, body + "Derived.zone(lower)", parts=parts) == {"group": True, "zone": True}


def test_generators_and_contexts_hand_it_on(tmp_path: Any) -> None:
    parts = """import contextlib
from collections.abc import Iterator
from sample_contracts import LowerOutputs

@contextlib.contextmanager
def opened(lower: LowerOutputs) -> Iterator[LowerOutputs]:
    yield lower

def each(*lowers: LowerOutputs) -> Iterator[LowerOutputs]:
    for lower in lowers:
        yield lower
"""
    body = "from stacks.upper.parts import opened, each\n    with opened(lower) as one:\n        return one.zone"
    assert _reads(tmp_path, body, parts=parts) == {"zone": True}
    body = "from stacks.upper.parts import opened, each\n    return [one.group for one in sorted(each(lower, lower))]"
    assert _reads(tmp_path, body, parts=parts) == {"group": True}


def test_the_next_of_several_is_one_of_them(tmp_path: Any) -> None:
    assert _reads(tmp_path, "return next(iter([lower])).zone") == {"zone": True}


def test_reads_are_values_that_can_be_compared() -> None:
    one = ContractRead(contract="A", field="b", file="c.py", line=1)
    assert one == ContractRead(contract="A", field="b", file="c.py", line=1)
    assert sorted([one, ContractRead(contract="A", field="a", file="c.py", line=2)])[0].field == "a"
