"""Which exit code each kind of failure has: one table for all commands."""

from shared.affected.errors import ComparisonError, ProgramError
from shared.bench.errors import BenchError
from shared.checks import UnknownCheckError
from shared.commands.arguments import UsageError
from shared.engine import EngineNotFoundError
from shared.environment import EnvironmentFileError
from shared.exit_codes import ExitCode
from shared.journal.errors import JournalError, NotResumableError
from shared.lease.errors import LeaseHeldError, LeaseUnreadableError
from shared.login import LoginMissingError, WrongLoginError
from shared.naming import NameTooLongError
from shared.orchestration.errors import (
    BackendError,
    GraphError,
    NotBootstrappedError,
    ProtectedError,
    StateFolderError,
    UnknownStackError,
)
from shared.pending_operations.errors import PendingOperationError
from shared.plan_set.errors import PlanSetFileError, PlanSetKeyError, PlanSetRefusedError, PreviewOutdatedError
from shared.policy.errors import CheckovMissingError, PolicyError
from shared.recovery.errors import EngineLockedError
from shared.reserved_names.errors import NamesReservedError
from shared.sandbox.errors import BehindError, InventoryError, SandboxStartError
from shared.sandbox.faults.errors import FaultsFileError
from shared.state_store.errors import StateStoreError

_CODES: dict[type[Exception], ExitCode] = {
    BackendError: ExitCode.ERROR,
    BehindError: ExitCode.RESOURCE,
    BenchError: ExitCode.ERROR,
    CheckovMissingError: ExitCode.CONFIGURATION,
    ComparisonError: ExitCode.CONFIGURATION,
    EngineNotFoundError: ExitCode.CONFIGURATION,
    EngineLockedError: ExitCode.LOCKED,
    EnvironmentFileError: ExitCode.CONFIGURATION,
    FaultsFileError: ExitCode.CONFIGURATION,
    GraphError: ExitCode.CONFIGURATION,
    InventoryError: ExitCode.CONFIGURATION,
    JournalError: ExitCode.ERROR,
    LeaseHeldError: ExitCode.LOCKED,
    LeaseUnreadableError: ExitCode.LOCKED,
    LoginMissingError: ExitCode.AUTHENTICATION,
    NameTooLongError: ExitCode.CONFIGURATION,
    NamesReservedError: ExitCode.CONFIGURATION,
    NotBootstrappedError: ExitCode.CONFIGURATION,
    NotResumableError: ExitCode.PLAN_REFUSED,
    PendingOperationError: ExitCode.ERROR,
    PlanSetFileError: ExitCode.CONFIGURATION,
    PlanSetKeyError: ExitCode.AUTHENTICATION,
    PlanSetRefusedError: ExitCode.PLAN_REFUSED,
    PolicyError: ExitCode.ERROR,
    PreviewOutdatedError: ExitCode.PLAN_REFUSED,
    ProgramError: ExitCode.CONFIGURATION,
    ProtectedError: ExitCode.CONFIGURATION,
    SandboxStartError: ExitCode.CONFIGURATION,
    StateFolderError: ExitCode.CONFIGURATION,
    StateStoreError: ExitCode.ERROR,
    UnknownCheckError: ExitCode.CONFIGURATION,
    UnknownStackError: ExitCode.CONFIGURATION,
    UsageError: ExitCode.CONFIGURATION,
    WrongLoginError: ExitCode.CONFIGURATION,
}


def exit_code_of(error: Exception) -> ExitCode | None:
    """Return the exit code of an expected failure, None for one that nobody expected."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
