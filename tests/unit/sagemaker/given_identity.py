"""The sagemaker stack, run with what the identity stack publishes."""

from shared.contracts import IdentityOutputs
from stacks.sagemaker.program import program
from tests.unit.sample_environments import ACCOUNT, sandbox
from tests.unit.stack_mocks import Run, run_program

DEPLOY = f"arn:aws:iam::{ACCOUNT}:role/github/deploy"
PREVIEW = f"arn:aws:iam::{ACCOUNT}:role/github/preview"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
TENANT = "5a4d0b0c-0000-4000-8000-00000000a001"
GIVEN = {
    "identity.tenant_id": TENANT,
    "identity.principals": {"compute": "compute-principal"},
    "identity.app_client_id": "app-client",
    "identity.aws_role_arns": {"deploy": DEPLOY, "preview": PREVIEW},
    "identity.aws_permissions_boundary_arn": BOUNDARY,
}


def sagemaker(**changes: object) -> Run:
    """Run the stack in the sandbox with `changes`, as `sandbox` takes them."""
    return run_program(program, sandbox(**changes), IdentityOutputs, given=GIVEN)
