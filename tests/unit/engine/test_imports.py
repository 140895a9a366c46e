"""The search for an engine starts fast."""

import subprocess
import sys


def test_looking_for_an_engine_does_not_import_the_sdk() -> None:
    code = (
        "import sys\n"
        "from shared.engine import EngineNotFoundError, find_engine\n"
        "try:\n    find_engine(print, install=False)\nexcept EngineNotFoundError:\n    sys.stderr.write('none')\n"
        "print([name for name in sys.modules if name.split('.')[0].startswith('pulumi')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()[-1] == "[]"
