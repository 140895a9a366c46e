"""Who a change touches: what a stack is made of, and how two states of the repository differ in that."""

from shared.affected.contract_reads import ContractRead, contract_reads
from shared.affected.errors import ComparisonError, ProgramError
from shared.affected.fingerprint import fingerprint
from shared.affected.fingerprint_model import Fingerprint, FingerprintError, differences
from shared.affected.git_changes import files_at
from shared.affected.since import Affected, affected_since
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree

__all__ = [
    "Affected",
    "ComparisonError",
    "ContractRead",
    "Fingerprint",
    "FingerprintError",
    "ProgramError",
    "Snapshot",
    "WorkTree",
    "affected_since",
    "contract_reads",
    "differences",
    "files_at",
    "fingerprint",
]
