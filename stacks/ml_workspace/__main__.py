"""The ml_workspace stack."""

from shared.stack_program import run
from stacks.ml_workspace.program import program

run(program)
