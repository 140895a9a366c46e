"""Run the sagemaker stack."""

from shared.stack_program import run
from stacks.sagemaker.program import program

run(program)
