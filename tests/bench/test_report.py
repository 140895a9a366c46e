"""What a bench prints: one document of a published shape, or a table."""

import json
from io import StringIO

import jsonschema
from rich.console import Console

from shared.bench.report import BenchReport, Limit, Machine, Row, Series, Spread
from shared.bench.table import bench_table
from shared.checks.published_schemas import schema_text
from shared.environment.loading import REPOSITORY

SCHEMA_FILE = "docs/bench-report.schema.json"


def row(name: str, *, met: bool | None, limit: Limit | None = None, unit: str = "ratio") -> Row:
    return Row.model_validate(
        {
            "name": name,
            "what": "a preview",
            "unit": unit,
            "figure": Spread(median=0.5, min=0.25, max=0.75),
            "limit": limit,
            "met": met,
            "measured": Series(what="ours", unit="s", samples=(12.5, 5.0), median=12.5, min=5.0, max=12.5),
            "baseline": Series(what="theirs", unit="MB", samples=(800.0,), median=800.0, min=800.0, max=800.0),
        }
    )


def report(*rows: Row) -> BenchReport:
    machine = Machine(system="Linux", cores=2, memory_bytes=4_000_000_000, python="3.11.2", engine="3.259.0", load=0.5)
    return BenchReport(
        schema_version=1, command="bench", repeat=2, seconds=60.0, machine=machine, met=False, rows=tuple(rows)
    )


MISSED = row("preview-cold", met=False, limit=Limit(kind="at most", value=0.4))


def test_the_document_has_exactly_its_shape() -> None:
    spread = {"median": 0.5, "min": 0.25, "max": 0.75}
    assert json.loads(report(MISSED).model_dump_json()) == {
        "schema_version": 1,
        "command": "bench",
        "repeat": 2,
        "seconds": 60.0,
        "machine": {
            "system": "Linux",
            "cores": 2,
            "memory_bytes": 4_000_000_000,
            "python": "3.11.2",
            "engine": "3.259.0",
            "load": 0.5,
        },
        "met": False,
        "rows": [
            {
                "name": "preview-cold",
                "what": "a preview",
                "unit": "ratio",
                "figure": spread,
                "limit": {"kind": "at most", "value": 0.4},
                "met": False,
                "measured": {
                    "what": "ours",
                    "unit": "s",
                    "samples": [12.5, 5.0],
                    "median": 12.5,
                    "min": 5.0,
                    "max": 12.5,
                },
                "baseline": {
                    "what": "theirs",
                    "unit": "MB",
                    "samples": [800.0],
                    "median": 800.0,
                    "min": 800.0,
                    "max": 800.0,
                },
            }
        ],
    }


def test_the_published_schema_is_that_of_the_model_and_takes_the_document() -> None:
    text = (REPOSITORY / SCHEMA_FILE).read_text(encoding="utf-8")
    assert text == schema_text(SCHEMA_FILE)
    document = json.loads(report(MISSED, row("graph-growth", met=None)).model_dump_json())
    jsonschema.validate(document, json.loads(text))


def test_a_person_sees_figure_spread_limit_and_verdict() -> None:
    kept = row("list", met=True, limit=Limit(kind="at most", value=0.5), unit="s")
    stream = StringIO()
    Console(file=stream, width=80).print(bench_table(report(MISSED, kept, row("graph-growth", met=None))))
    lines = {line.split()[1]: " ".join(line.split()) for line in stream.getvalue().splitlines() if line[0] == "│"}
    assert "12.5 s │ 800 MB │ 0.50 (0.25-0.75) │ ≤ 0.4 x │ no" in lines["preview-cold"]
    assert "0.50 (0.25-0.75) │ ≤ 0.5 s │ yes" in lines["list"]
    assert lines["graph-growth"].endswith("(0.25-0.75) │ │ │")
    assert "bench: 2 rounds, 2 cores, load 0.5, 60 s" in stream.getvalue()
