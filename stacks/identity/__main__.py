"""The identity stack."""

from shared.stack_program import run
from stacks.identity.program import program

run(program)
