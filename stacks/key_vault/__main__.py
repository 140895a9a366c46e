"""The key_vault stack."""

from shared.stack_program import run
from stacks.key_vault.program import program

run(program)
