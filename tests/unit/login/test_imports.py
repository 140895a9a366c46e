"""Asking for help must not wait for an SDK."""

import subprocess
import sys


def test_importing_the_guard_imports_no_sdk() -> None:
    program = "import sys, shared.login; print(sorted({'boto3', 'botocore', 'pulumi'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
