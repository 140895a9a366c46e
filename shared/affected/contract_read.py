"""A field of another stack's contract that a stack's code reads."""

import dataclasses

from shared.affected.definitions import Definitions
from shared.affected.stack_analysis import StackAnalysis, StackProgram


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


def reads_of(program: StackProgram, analysis: StackAnalysis) -> tuple[ContractRead, ...]:
    """Return what a program reads of the contracts that it takes, sorted by contract and field."""
    definitions = Definitions(program.modules)
    found: set[ContractRead] = set()
    for read in analysis.reads:
        module = program.modules.find(read.module)
        file = module.path if module else read.module
        fields = (read.field,) if read.field else tuple(definitions.fields(read.ref))
        found |= {
            ContractRead(contract=read.of, field=field, file=file, line=read.line, certain=bool(read.field))
            for field in fields
        }
    return tuple(sorted(found))
