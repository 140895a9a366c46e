"""Run the tests."""

import subprocess
import sys

from shared.commands.arguments import Options

# Tests of one file share what they set up. The long suites use every core by themselves.
_SIDE_BY_SIDE = ("--numprocesses", "auto", "--dist", "loadfile")


def test(options: Options) -> int:
    """Run pytest: the fast tests, or with --slow the long suites instead. Returns its exit code."""
    which = ["-m", "slow"] if options.slow else ["-m", "not slow", *_SIDE_BY_SIDE]
    arguments = [*which, *(["-vv"] if options.verbose else [])]
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=options.root, check=False).returncode
