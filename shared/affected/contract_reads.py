"""Which outputs of other stacks a stack's code reads, as its files lie now."""

from pathlib import Path

from shared.affected.contract_read import ContractRead
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree

__all__ = ["ContractRead", "contract_reads"]


def contract_reads(root: Path, stack: str) -> tuple[ContractRead, ...]:
    """Return what the code of `stack`, and the shared code it uses, reads of the contracts that its program takes.

    Sorted by contract and field. Raises ProgramError where a part of the program is not Python. For many stacks, or
    fingerprints too, ask one `Snapshot`.
    """
    return Snapshot(WorkTree(root)).contract_reads(stack)
