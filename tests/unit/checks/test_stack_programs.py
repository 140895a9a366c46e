"""Traps in stack programs are found by reading them."""

import ast
import textwrap
from pathlib import Path

import pytest

from shared.checks.result import CheckResult
from shared.checks.stack_programs import check_stack_programs
from shared.checks.stack_programs.check import find_traps
from tests.unit.checks.conftest import REPOSITORY

PROGRAM = "stacks/key_vault/program.py"
# What every sample may use: a contract, a component that makes a resource, and functions of another module.
AROUND = {
    "shared/contracts/stack_outputs.py": """
        import pulumi
        class StackOutputs:
            @classmethod
            def read(cls, environment):
                return pulumi.StackReference(environment).outputs.apply(dict, run_with_unknowns=True)
        """,
    "shared/contracts/__init__.py": "from shared.contracts.identity import IdentityOutputs",
    "shared/contracts/identity.py": """
        from shared.contracts.stack_outputs import StackOutputs
        class IdentityOutputs(StackOutputs, stack="identity"):
            name: str
        """,
    "shared/components/part.py": """
        import pulumi
        from pulumi_azure_native import storage
        class Part(pulumi.ComponentResource):
            def __init__(self, name):
                super().__init__("x:y:Part", name)
        class Special(Part):
            pass
        class Holder:
            def __init__(self, name):
                self.account = storage.StorageAccount(name)
            def another(self, name):
                return storage.StorageAccount(name)
        def part(name):
            return [Part(name)]
        def text(name):
            return name.upper()
        """,
    "stacks/key_vault/setting.py": """
        import dataclasses
        from shared.contracts import IdentityOutputs
        @dataclasses.dataclass
        class Setting:
            env: str
            identity: IdentityOutputs
            name: str
        """,
}
HEAD = """
import functools, json
import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
from pulumi import Output, StackReference
from pulumi.runtime import is_dry_run
from pulumi_azure_native import keyvault, storage
from shared.components import part as parts
from shared.components.part import Holder, Part, Special, part, text
from shared.contracts import IdentityOutputs
from stacks.key_vault.setting import Setting
"""
HEAD_LINES = HEAD.count("\n")


def traps_in(program: str, *, path: str = PROGRAM) -> list[str]:
    texts = {**AROUND, path: HEAD + textwrap.dedent(program)}
    files = [(Path(name), ast.parse(textwrap.dedent(text))) for name, text in texts.items()]
    return [str(trap) for trap in sorted(set(find_traps(files)))]


@pytest.mark.parametrize(
    ("program", "line", "made"),
    [
        ("x.apply(lambda v: storage.StorageAccount(v))", 1, "pulumi_azure_native.storage.StorageAccount"),
        ("x.apply(storage.StorageAccount)", 1, "pulumi_azure_native.storage.StorageAccount"),
        ("x.apply(func=lambda v: aws.s3.Bucket(v))", 1, "pulumi_aws.s3.Bucket"),
        ("Output.apply(x, lambda v: aws.s3.Bucket(v))", 1, "pulumi_aws.s3.Bucket"),
        ("Output.all(x, y).apply(lambda v: [azure.storage.BlobContainer(n) for n in v])", 1, "storage.BlobContainer"),
        ("def f(v):\n    return Part(v)\nx.apply(f)", 3, "shared.components.part.Part"),
        ("def g(x):\n    def f(v):\n        Special(v)\n    return x.apply(f)", 4, "shared.components.part.Special"),
        ("def f(v, w):\n    Part(v)\nx.apply(functools.partial(f, 1))", 3, "Part"),
        ("f = lambda v: Part(v)\nx.apply(f)", 2, "Part"),
        ("x.apply(part)", 1, "Part"),
        ("x.apply(parts.part)", 1, "Part"),
        ("x.apply(lambda v: list(map(part, v)))", 1, "Part"),
        ("make = storage.StorageAccount\nx.apply(lambda v: make(v))", 2, "StorageAccount"),
        ("x.apply(lambda v: Holder(v))", 1, "StorageAccount"),
        ("def f(h: Holder, x):\n    x.apply(h.another)", 2, "StorageAccount"),
        ("class A:\n    def m(self, v):\n        Part(v)\n    def n(self, x):\n        x.apply(self.m)", 5, "Part"),
        ("def f(v):\n    def g():\n        Part(v)\n    g()\nx.apply(f)", 5, "Part"),
        ("x.apply(lambda v: storage.StorageAccount.get('a', v))", 1, "StorageAccount.get"),
        ("x.apply(lambda v: aws.Provider('p', region=v))", 1, "pulumi_aws.Provider"),
        ("class Own(pulumi.CustomResource):\n    pass\nx.apply(Own)", 3, "Own"),
    ],
)
def test_a_resource_made_inside_apply_is_found(program: str, line: int, made: str) -> None:
    (trap,) = traps_in(program)

    assert trap.startswith(f"{PROGRAM}:{HEAD_LINES + line}: makes ")
    assert f"{made} inside apply; a preview shows nothing of it" in trap


def test_an_output_published_inside_apply_is_found() -> None:
    (trap,) = traps_in("x.apply(lambda v: pulumi.export('a', v))")

    assert "publishes an output inside apply" in trap


def test_a_function_that_is_not_named_is_no_answer() -> None:
    (trap,) = traps_in("def f(x, callback):\n    return x.apply(callback)")

    assert "a function that is not named here" in trap


@pytest.mark.parametrize(
    "program",
    [
        "x.apply(lambda v: v.upper())",
        "x.apply(text)",
        "x.apply(json.dumps)",
        "Part(x.apply(text))",
        "x.apply(lambda v: storage.SkuArgs(name=v))",
        "x.apply(lambda v: keyvault.SkuName.PREMIUM)",
        "x.apply(lambda v: isinstance(v, storage.StorageAccount))",
        "for one in ['a']:\n    Part(one)",
        "def f(name):\n    Part(name)\nf('a')\nx.apply(lambda name: name)",
        "class A:\n    def part(self, v):\n        return v\n    def n(self, x):\n        x.apply(self.part)",
    ],
)
def test_what_makes_nothing_inside_apply_passes(program: str) -> None:
    assert traps_in(program) == []


@pytest.mark.parametrize(
    ("program", "line", "called"),
    [
        ("storage.get_storage_account(account_name=i.name)", 1, "storage.get_storage_account"),
        ("storage.get_storage_account_output(account_name=i.name)", 1, "storage.get_storage_account_output"),
        ("storage.list_storage_account_keys_output(i.name)", 1, "list_storage_account_keys_output"),
        ("aws.iam.get_role_output(name=i.roles['deploy'])", 1, "pulumi_aws.iam.get_role_output"),
        ("name = i.name\nother = f'{name}-x'\naws.iam.get_role(name=other)", 3, "aws.iam.get_role"),
        ("i.name.apply(lambda v: aws.iam.get_role(name=v))", 1, "aws.iam.get_role"),
        ("Output.all(1, i.name).apply(lambda v: aws.iam.get_role(name=v[1]))", 1, "aws.iam.get_role"),
        ("def g(v):\n    return aws.iam.get_role(name=v)\ni.name.apply(g)", 2, "aws.iam.get_role"),
        ("for one in i.names:\n    aws.iam.get_role(name=one)", 2, "aws.iam.get_role"),
        ("[aws.iam.get_role(name=one) for one in i.names]", 1, "aws.iam.get_role"),
        ("a, b = i.name, 1\naws.iam.get_role(name=a)", 2, "aws.iam.get_role"),
        ("aws.iam.get_role(name=text(i.name))", 1, "aws.iam.get_role"),
        ("pulumi.runtime.invoke('aws:iam:getRole', {'name': i.name})", 1, "pulumi.runtime.invoke"),
        ("storage.StorageAccount.get('a', i.name)", 1, "StorageAccount.get"),
    ],
)
def test_a_lookup_with_what_another_stack_publishes_is_found(program: str, line: int, called: str) -> None:
    (trap,) = traps_in("def program(i: IdentityOutputs):\n" + textwrap.indent(program, "    "))

    assert trap.startswith(f"{PROGRAM}:{HEAD_LINES + line + 1}: looks up ")
    assert f"{called} with what another stack publishes; " in trap


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("def g(n):\n    aws.iam.get_role(name=n)\ndef f(i: IdentityOutputs):\n    g(i.name)", 2),
        ("def g(*, n):\n    aws.iam.get_role(name=n)\ndef f(i: IdentityOutputs):\n    g(n=i.name)", 2),
        ("def f(s: Setting):\n    aws.iam.get_role(name=s.identity.name)", 2),
        ("def g(i: IdentityOutputs):\n    return i.name\ndef f(i):\n    aws.iam.get_role(name=g(i))", 4),
        (
            """
def g(s: Setting):
    aws.iam.get_role(name=s.name)
def f(i: IdentityOutputs):
    g(Setting(env='e', identity=i, name=i.name))
""".lstrip(),
            2,
        ),
        (
            """
class A:
    def __init__(self, i: IdentityOutputs):
        self.n = i.name
    def m(self):
        aws.iam.get_role(name=self.n)
""".lstrip(),
            5,
        ),
        ("def f():\n    i = IdentityOutputs.read('dev')\n    aws.iam.get_role(name=i.name)", 3),
        ("def f(i: 'IdentityOutputs | None'):\n    aws.iam.get_role(name=i.name)", 2),
    ],
)
def test_what_comes_from_another_stack_is_followed(program: str, line: int) -> None:
    (trap,) = traps_in(program)

    assert trap.startswith(f"{PROGRAM}:{HEAD_LINES + line}: looks up pulumi_aws.iam.get_role with ")


@pytest.mark.parametrize(
    "program",
    [
        "aws.get_caller_identity()",
        "def f(s: Setting):\n    aws.get_region(name=s.env)",
        "def f(i: IdentityOutputs):\n    s = Setting(env='e', identity=i, name='n')\n    aws.get_region(name=s.env)",
        "def f(i: IdentityOutputs):\n    aws.iam.get_policy_document_output(statements=[{'r': [i.name]}])",
        "def f(i: IdentityOutputs):\n    b = aws.s3.Bucket('b', tags=i.name)\n    aws.s3.get_bucket(bucket=b.bucket)",
        """
def g(i: IdentityOutputs) -> aws.s3.Bucket:
    return aws.s3.Bucket('b', tags=i.name)
def f(i: IdentityOutputs):
    aws.s3.get_bucket_output(bucket=g(i).bucket)
""",
        "def f(i: IdentityOutputs, n: str):\n    text(i.name)\n    aws.iam.get_role(name=text(n))",
        "def f(i: IdentityOutputs):\n    azure.get_region(name='x', opts=pulumi.InvokeOptions(parent=i))",
        "def f(i: IdentityOutputs):\n    Part(i.name)",
    ],
)
def test_other_lookups_pass(program: str) -> None:
    assert traps_in(program) == []


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("pulumi.StackReference('organization/identity/dev')", "reads another stack through pulumi.StackReference"),
        ("StackReference('organization/identity/dev')", "reads another stack through pulumi.StackReference"),
        ("def f(r):\n    return r.get_output('a')", "reads an output with get_output"),
        ("def f(r):\n    return r.require_output('a')", "reads an output with require_output"),
        ("def f(r):\n    return r.get_output_details('a')", "reads an output with get_output_details"),
        ("def f(r: 'StackReference'):\n    return r.outputs['a']", "reads the outputs of a StackReference"),
        ("if pulumi.runtime.is_dry_run():\n    Part('a')", "asks is_dry_run"),
        ("if is_dry_run():\n    Part('a')", "asks is_dry_run"),
        ("x.apply(lambda v: v if is_dry_run() else 'b')", "asks is_dry_run"),
        ("x.apply(text, run_with_unknowns=True)", "runs a function also where the value is not known"),
        ("pulumi.output.contains_unknowns(x)", "asks contains_unknowns"),
        ("x.is_known()", "asks is_known"),
    ],
)
@pytest.mark.parametrize("path", [PROGRAM, "shared/components/other.py", "shared/stack_program.py"])
def test_a_way_around_the_contracts_is_found(program: str, problem: str, path: str) -> None:
    (trap,) = traps_in(program, path=path)

    assert trap.startswith(f"{path}:")
    assert problem in trap


def test_the_outputs_of_a_reference_made_here_are_found() -> None:
    traps = traps_in("r = StackReference('organization/identity/dev')\ns = r\nprint(s.outputs['a'])")

    assert [trap.split(": ")[1].split(";")[0] for trap in traps if f":{HEAD_LINES + 3}:" in trap] == [
        "reads the outputs of a StackReference"
    ]


def test_the_contracts_may_read_references() -> None:
    assert traps_in("r = StackReference('a').require_output('b')", path="shared/contracts/other.py") == []


def test_the_check_names_what_to_do(repository: Path) -> None:
    (repository / PROGRAM).write_text("import pulumi\nx = pulumi.StackReference('a')\n")

    result = check_stack_programs(repository)

    assert not result.ok
    assert result.detail == (
        f"{PROGRAM}:2: reads another stack through pulumi.StackReference; "
        "take that stack's contract as a parameter of the program"
    )
    assert result.fix


def test_what_programs_import_is_checked_and_what_they_do_not_is_not(repository: Path) -> None:
    (repository / "shared/far").mkdir()
    (repository / "shared/far/__init__.py").write_text("from shared.far import away\n")
    for name in ("far/away", "outside"):
        (repository / f"shared/{name}.py").write_text("def read(stack):\n    return stack.get_output('a')\n")
    assert check_stack_programs(repository) == CheckResult(ok=True)

    (repository / PROGRAM).write_text("def program():\n    import shared.far.other\n")

    assert check_stack_programs(repository).detail.startswith("shared/far/away.py:2: reads an output with get_output")
    assert "outside" not in check_stack_programs(repository).detail


@pytest.mark.parametrize("folder", ["shared/components", "shared/contracts"])
def test_components_and_contracts_are_checked_before_anybody_uses_them(repository: Path, folder: str) -> None:
    (repository / folder).mkdir()
    (repository / folder / "new.py").write_text("from pulumi_aws import s3\n\nX.apply(lambda v: s3.Bucket(v))\n")

    assert f"{folder}/new.py:3: makes pulumi_aws.s3.Bucket inside apply" in check_stack_programs(repository).detail


def test_a_file_that_is_no_python_fails(repository: Path) -> None:
    (repository / PROGRAM).write_text("import (\n")

    assert "is not Python" in check_stack_programs(repository).detail


def test_this_repository_passes() -> None:
    assert check_stack_programs(REPOSITORY) == CheckResult(ok=True)
