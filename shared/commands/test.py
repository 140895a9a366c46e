"""Run the tests."""

import subprocess
import sys

from shared.commands.arguments import Options


def test(options: Options) -> int:
    """Run pytest, with --slow also the long suites. Returns its exit code."""
    selection = [] if options.slow else ["-m", "not slow"]
    arguments = [*selection, *(["-vv"] if options.verbose else [])]
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=options.root, check=False).returncode
