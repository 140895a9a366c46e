"""What `python -m shared.engine.release_process` does: download the official release by the SDK's own means.

In a process of its own, because `PulumiCommand.install` has no time limit. Two subcommands: `probe` tells whether the
download site answers, `install FOLDER` installs the release of the installed SDK into FOLDER/bin.
"""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence

from shared.engine.errors import last_words

_SITE = "https://get.pulumi.com/install.sh"  # where PulumiCommand.install begins
_PROBE_SECONDS = 5


def probe() -> str | None:
    """Return why the download site does not answer, None where it does; through the proxy that is set, if any."""
    try:
        with urllib.request.urlopen(_SITE, timeout=_PROBE_SECONDS):
            return None
    except urllib.error.URLError as error:
        return f"get.pulumi.com cannot be reached: {error.reason}"
    except OSError as error:  # a connection that was made and then fails is not wrapped
        return f"get.pulumi.com cannot be reached: {error}"


def install(root: str) -> str | None:
    """Install the official release into `root`/bin and return None, or why that failed."""
    from pulumi.automation import PulumiCommand

    try:
        PulumiCommand.install(root=root)
    except subprocess.CalledProcessError as error:
        return f"the installation script ended with code {error.returncode}: {last_words(_text(error.output))}"
    except OSError as error:
        return str(error)
    return None


def main(arguments: Sequence[str]) -> int:
    """Run a subcommand and return the exit code; what went wrong is on standard error."""
    match arguments:
        case ["probe"]:
            problem = probe()
        case ["install", root]:
            problem = install(root)
        case _:
            problem = "say `probe` or `install FOLDER`"
    if problem is None:
        return 0
    sys.stderr.write(f"{problem}\n")
    return 1


def _text(output: bytes | None) -> str:
    return (output or b"").decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
