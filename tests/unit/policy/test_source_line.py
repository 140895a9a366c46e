"""A finding names the line of the program that made the resource."""

from pathlib import Path
from typing import Any

from shared.policy.source_line import place_of

ROOT = Path("/clone")
WORK = Path("/runs/one/work/key_vault")


def at(*positions: str) -> dict[str, Any]:
    frames = [{"sourcePosition": f"project:///{position}"} for position in positions]
    return {"sourcePosition": f"project:///{positions[0]}", "stackTrace": [*frames, {}]}


def place(entry: dict[str, Any], *roots: Path) -> str:
    return place_of(entry, work=WORK, roots=roots or (ROOT,))


def test_the_innermost_line_of_a_stacks_program_is_the_place() -> None:
    entry = at(
        "../../../../clone/shared/components/customer_key.py#30",
        "../../../../clone/stacks/key_vault/encryption.py#12",
        "../../../../clone/stacks/key_vault/program.py#20",
    )
    assert place(entry) == "stacks/key_vault/encryption.py:12"


def test_a_line_of_a_component_is_better_than_none() -> None:
    entry = at("../../../../usr/lib/python3/site-packages/pulumi.py#1", "../../../../clone/shared/components/a.py#3")
    assert place(entry) == "shared/components/a.py:3"


def test_a_copy_that_programs_ran_from_counts_as_the_repository() -> None:
    entry = at("../../repository/stacks/key_vault/vault.py#7")
    assert place(entry, ROOT, Path("/runs/one/repository")) == "stacks/key_vault/vault.py:7"


def test_no_line_in_the_repository_is_no_place() -> None:
    assert place(at("../../../../elsewhere/stacks/a.py#1")) == ""
    assert place({}) == ""
