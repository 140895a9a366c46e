"""Clean raw data and split it into training and test data.

Raw data are CSV files without header or with one: the label (0 or 1) first, then numbers. Rows that are incomplete or
not numbers are left out. The split depends on the content of each row only, so that a row never changes sides.
Runs in the training image: Python 3.8, nothing beside the standard library.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
from pathlib import Path


def main() -> int:
    """Run the job; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--test-share", type=float, required=True)
    arguments = parser.parse_args()
    rows, left_out = read(arguments.raw)
    test = [row for row in rows if is_test(row, arguments.test_share)]
    train = [row for row in rows if not is_test(row, arguments.test_share)]
    if not train or not test:
        print(f"{arguments.raw} has {len(rows)} usable rows: too few to train and test; add data", file=sys.stderr)
        return 1
    write(arguments.train / "train.csv", train)
    write(arguments.test / "test.csv", test)
    print(f"{len(train)} rows to train, {len(test)} to test, {left_out} left out")
    return 0


def read(folder: Path) -> tuple[list[list[float]], int]:
    """Return the usable rows of all CSV files below `folder`, and how many rows were left out."""
    rows: list[list[float]] = []
    left_out = 0
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for texts in csv.reader(file):
                row = numbers(texts)
                fits = row is not None and len(row) > 1 and row[0] in (0.0, 1.0)
                if row is not None and fits and (not rows or len(row) == len(rows[0])):
                    rows.append(row)
                else:
                    left_out += 1
    return rows, left_out


def numbers(texts: list[str]) -> list[float] | None:
    """Return the finite numbers in `texts`, or None where one is not."""
    try:
        values = [float(text) for text in texts]
    except ValueError:
        return None
    return values if all(math.isfinite(value) for value in values) else None


def is_test(row: list[float], share: float) -> bool:
    """Return whether `row` is one of the `share` of rows that are kept for the test."""
    digest = hashlib.sha256(repr(row).encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def write(path: Path, rows: list[list[float]]) -> None:
    """Write `rows` as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
