"""Train a logistic regression by gradient descent.

Training data are CSV files: the label (0 or 1) first, then numbers. The model is model.json: weights, and the means and
scales that features are standardised with.
Runs in the training image: Python 3.8, nothing beside the standard library.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import statistics
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Run the job; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--hyperparameters", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()
    given = json.loads(arguments.hyperparameters.read_text(encoding="utf-8"))
    labels, features = read(arguments.train)
    if set(labels) != {0.0, 1.0}:
        print(f"{arguments.train} does not hold rows of both labels, 0 and 1; check the data", file=sys.stderr)
        return 1
    model = fit(
        labels,
        features,
        rounds=int(given["rounds"]),
        learning_rate=float(given["learning_rate"]),
        l2=float(given["l2"]),
    )
    arguments.model.mkdir(parents=True, exist_ok=True)
    (arguments.model / "model.json").write_text(json.dumps(model, sort_keys=True), encoding="utf-8")
    print(f"trained on {len(labels)} rows of {len(features[0])} features")
    return 0


def read(folder: Path) -> tuple[list[float], list[list[float]]]:
    """Return the labels and the features of all CSV files below `folder`."""
    rows: list[list[float]] = []
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows.extend([float(text) for text in texts] for texts in csv.reader(file))
    return [row[0] for row in rows], [row[1:] for row in rows]


def fit(
    labels: list[float], features: list[list[float]], *, rounds: int, learning_rate: float, l2: float
) -> dict[str, Any]:
    """Return the model. l2: how much large weights cost."""
    columns = range(len(features[0]))
    means = [statistics.fmean(row[column] for row in features) for column in columns]
    scales = [statistics.pstdev([row[column] for row in features]) or 1.0 for column in columns]
    rows = [[(row[column] - means[column]) / scales[column] for column in columns] for row in features]
    weights = [0.0] * len(columns)
    bias = 0.0
    for _ in range(rounds):
        errors = [
            probability(bias + sum(weights[column] * row[column] for column in columns)) - labels[index]
            for index, row in enumerate(rows)
        ]
        for column in columns:
            slope = statistics.fmean(errors[index] * row[column] for index, row in enumerate(rows))
            weights[column] -= learning_rate * (slope + l2 * weights[column])
        bias -= learning_rate * statistics.fmean(errors)
    return {"version": 1, "means": means, "scales": scales, "weights": weights, "bias": bias}


def probability(score: float) -> float:
    """Return the logistic function of `score`, without overflow."""
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-score))
    return math.exp(score) / (1.0 + math.exp(score))


if __name__ == "__main__":
    sys.exit(main())
