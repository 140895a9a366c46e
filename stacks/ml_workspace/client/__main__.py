"""Read everything that an application reads: `python -m stacks.ml_workspace.client --env prod --outputs FILE`."""

import argparse
import json
import logging
import os
import sys
from pathlib import Path

from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.facts import Facts, FactsError
from stacks.ml_workspace.client.identity import credential
from stacks.ml_workspace.client.report import report
from stacks.ml_workspace.client.workspace import MANAGEMENT


def main() -> int:
    """Print one JSON object; problems go to standard error. Returns 0, or 1 where a part could not be read."""
    parser = argparse.ArgumentParser(prog="python -m stacks.ml_workspace.client", description=__doc__)
    parser.add_argument("--env", required=True, help="the environment of the outputs: the label of its configuration")
    parser.add_argument("--outputs", required=True, help="file of `invoke outputs --env ENV --json`; - for stdin")
    parser.add_argument("--question", help="file with the JSON that the model is asked; without it, it is not")
    parser.add_argument("--management", default=MANAGEMENT, help="address of Azure Resource Manager in other clouds")
    given = parser.parse_args()
    try:
        outputs = sys.stdin.read() if given.outputs == "-" else Path(given.outputs).read_text("utf-8")
        facts = Facts.parse(outputs, environment=given.env)
        question = json.loads(Path(given.question).read_text("utf-8")) if given.question else None
    except FactsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename} cannot be read: {error.strerror}\n")
        return 1
    except ValueError:
        sys.stderr.write(f"{given.question} cannot be read: it is not JSON in UTF-8\n")
        return 1
    # Whoever has no login would read a page of the library's warnings before each of our sentences.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    caller = Caller(credential=credential(os.environ))
    found = report(caller, facts, label=given.env, question=question, management=given.management)
    sys.stdout.write(json.dumps(found.read, indent=2, sort_keys=True) + "\n")
    sys.stderr.writelines(f"{problem}\n" for problem in found.problems)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
