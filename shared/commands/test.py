"""Run the tests."""

import subprocess
import sys

from shared.commands.arguments import Options


def test(options: Options) -> int:
    """Run pytest: the fast tests, or with --slow the long suites instead. Returns its exit code."""
    arguments = ["-m", "slow" if options.slow else "not slow", *(["-vv"] if options.verbose else [])]
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=options.root, check=False).returncode
