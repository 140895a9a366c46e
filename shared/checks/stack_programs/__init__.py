"""Traps in stack programs: what makes a preview show something else than what is deployed.

The sources are read, never run: no SDK is imported. Names are followed through imports, local assignments and the
functions of this repository.
"""

from shared.checks.stack_programs.check import check_stack_programs

__all__ = ["check_stack_programs"]
