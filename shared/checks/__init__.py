"""The checks that hold for every commit: `run_checks()` runs the list of shared/checks/catalogue.py."""

from shared.checks.catalogue import all_checks
from shared.checks.errors import UnknownCheckError
from shared.checks.result import Check, CheckOutcome, CheckResult
from shared.checks.running import run_checks

__all__ = ["Check", "CheckOutcome", "CheckResult", "UnknownCheckError", "all_checks", "run_checks"]
