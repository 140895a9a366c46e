"""Which outputs of other stacks a stack's code reads."""

import dataclasses
from pathlib import Path

from shared.affected.definitions import Definitions
from shared.affected.modules import ParsedFiles
from shared.affected.stack_analysis import analyse, contract_fields, program_of
from shared.affected.tree import WorkTree


@dataclasses.dataclass(frozen=True, order=True, kw_only=True)
class ContractRead:
    """One field of a contract that is read. contract: the class's name; file: relative to the repository; line: from 1.

    certain: whether the code names the field. Where a contract goes where it cannot be followed, all fields count.
    """

    contract: str
    field: str
    file: str
    line: int
    certain: bool = True


def contract_reads(root: Path, stack: str) -> tuple[ContractRead, ...]:
    """Return what the code of `stack`, and the shared code it uses, reads of the contracts that its program takes.

    Sorted by contract and field. Raises ProgramError where a part of the program is not Python.
    """
    program = program_of(WorkTree(root), stack, ParsedFiles())
    definitions = Definitions(program.modules)
    found: set[ContractRead] = set()
    for read in analyse(program, stack).reads:
        module = program.modules.find(read.module)
        file = module.path if module else read.module
        fields = (read.field,) if read.field else contract_fields(definitions, read.ref)
        found |= {
            ContractRead(contract=read.of, field=field, file=file, line=read.line, certain=bool(read.field))
            for field in fields
        }
    return tuple(sorted(found))
