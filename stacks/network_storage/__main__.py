"""The network_storage stack."""

from shared.stack_program import run
from stacks.network_storage.program import program

run(program)
