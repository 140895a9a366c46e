"""Measure a model on test data that it has not seen.

Writes a report for the pipeline's condition: metrics.auc.value is the area under the ROC curve, from 0 to 1.
Runs in the training image: Python 3.8, nothing beside the standard library.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tarfile
from pathlib import Path
from typing import Any


def main() -> int:
    """Run the job; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    arguments = parser.parse_args()
    model = read_model(arguments.model)
    labels, features = read(arguments.test)
    if set(labels) != {0.0, 1.0}:
        print(f"{arguments.test} does not hold rows of both labels, 0 and 1; check the data", file=sys.stderr)
        return 1
    scores = [score(model, row) for row in features]
    hits = sum((value > 0) == (labels[index] == 1.0) for index, value in enumerate(scores))
    metrics = {
        "auc": {"value": auc(labels, scores)},
        "accuracy": {"value": hits / len(labels)},
        "rows": {"value": len(labels)},
    }
    arguments.report.parent.mkdir(parents=True, exist_ok=True)
    arguments.report.write_text(json.dumps({"metrics": metrics}, sort_keys=True), encoding="utf-8")
    print(f"AUC {metrics['auc']['value']:.4f} on {len(labels)} rows")
    return 0


def read_model(path: Path) -> dict[str, Any]:
    """Return the model in the archive that SageMaker made of the training job's result. Nothing is unpacked to disk."""
    with tarfile.open(str(path), "r:gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if Path(member.name).name == "model.json" else None
            if file is not None:
                return json.load(file)
    raise FileNotFoundError(f"{path} holds no model.json: train.py writes it")


def read(folder: Path) -> tuple[list[float], list[list[float]]]:
    """Return the labels and the features of all CSV files below `folder`."""
    rows: list[list[float]] = []
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows.extend([float(text) for text in texts] for texts in csv.reader(file))
    return [row[0] for row in rows], [row[1:] for row in rows]


def score(model: dict[str, Any], row: list[float]) -> float:
    """Return how sure the model is that the label of `row` is 1: above 0 means yes."""
    return model["bias"] + sum(
        weight * (row[column] - model["means"][column]) / model["scales"][column]
        for column, weight in enumerate(model["weights"])
    )


def auc(labels: list[float], scores: list[float]) -> float:
    """Return the chance that a row of label 1 scores above one of label 0. Equal scores count half.

    Computed from the sum of ranks, as the statistic of Mann and Whitney.
    """
    order = sorted(range(len(scores)), key=lambda index: scores[index])
    ranks = [0.0] * len(scores)
    begin = 0
    while begin < len(order):
        end = begin
        while end < len(order) and scores[order[end]] == scores[order[begin]]:
            end += 1
        for place in range(begin, end):
            ranks[order[place]] = (begin + 1 + end) / 2
        begin = end
    positives = sum(label == 1.0 for label in labels)
    negatives = len(labels) - positives
    rank_sum = sum(rank for index, rank in enumerate(ranks) if labels[index] == 1.0)
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


if __name__ == "__main__":
    sys.exit(main())
