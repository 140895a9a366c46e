"""Fail unless every job succeeded, or was skipped and may be: the one check that a branch rule has to require.

Reads NEEDS, the `needs` context of GitHub Actions as JSON, and MAY_SKIP, job ids separated by blanks, from the
environment. Standard library only: it runs before anything is set up.
"""

import json
import os
import sys
from collections.abc import Collection, Mapping


def find_problems(results: Mapping[str, str], may_skip: Collection[str]) -> list[str]:
    """Return a sentence for every job whose result does not let the change pass.

    results: the result of each job by its id. A result that is unknown is a problem, and so is no job at all.
    """
    if not results:
        return ["the gate needs no job at all; name the jobs in its `needs`"]
    unknown = sorted(set(may_skip) - set(results))
    skippable = {job for job in may_skip if results.get(job) == "skipped"}
    return [
        *(f"{job} may be skipped and is no job of this workflow" for job in unknown),
        *(f"{job}: {result}" for job, result in results.items() if result != "success" and job not in skippable),
    ]


def main() -> int:
    """Print every problem as an error of the workflow. Returns the exit code."""
    needs: dict[str, dict[str, str]] = json.loads(os.environ["NEEDS"])
    results = {job: str(facts.get("result")) for job, facts in needs.items()}
    problems = find_problems(results, os.environ["MAY_SKIP"].split())
    for problem in problems:
        sys.stdout.write(f"::error::{problem}\n")
    if not problems:
        sys.stdout.write(f"{len(results)} jobs looked at: {', '.join(sorted(results))}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
