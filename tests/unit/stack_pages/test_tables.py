"""Tables of a stack's README: what it publishes, and what goes with its resources."""

import dataclasses
from collections.abc import Mapping

from pulumi import Output

from shared.contracts import StackOutputs, output
from shared.orchestration.stateful import LOST_WITH
from shared.stack_pages.holdings import holdings_table
from shared.stack_pages.markdown import table, with_part
from shared.stack_pages.published import published_table
from shared.stack_pages.trial_run import Declared


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample(StackOutputs, stack="sample"):
    """A contract with a field of every kind."""

    name: Output[str] = output("A name | or two.")
    token: Output[str | None] = output("A token.", secret=True)
    ids: Mapping[str, Output[str]] = output("Ids.")
    names: Output[list[str]] = output("Names.")
    count: Output[int] = output("How many.")


def test_a_row_says_what_a_field_is_and_who_reads_it() -> None:
    rows = published_table(Sample, {"name": ["two", "one"], "ids": ["one"], "count": []}).splitlines()
    assert rows[2:] == [
        "| `name` | text | no | A name \\| or two. | one, two |",
        "| `token` | text, or nothing | yes | A token. | people |",
        "| `ids` | map of text | no | Ids. | one |",
        "| `names` | list | no | Names. | people |",
        "| `count` | whole number | no | How many. | people |",
    ]


def test_resources_of_one_type_share_a_row_and_those_that_hold_nothing_have_none() -> None:
    bucket = "aws:s3/bucket:Bucket"
    resources = [
        *(Declared(type=bucket, name=name, inputs={}) for name in ("logs", "artifacts", "logs")),
        Declared(type="aws:s3/bucketPolicy:BucketPolicy", name="logs", inputs={}),
    ]
    assert holdings_table(resources).splitlines()[2:] == [f"| `Bucket` | artifacts, logs | {LOST_WITH[bucket]} |"]


def test_a_part_is_replaced_between_its_markers_only() -> None:
    text = with_part("# Title\n", "sample", "old", heading="Sample") + "\nAfter it.\n"
    assert "## Sample\n" in text
    again = with_part(text, "sample", "new \\1", heading="Sample")
    assert again == text.replace("old", "new \\1")


def test_numbers_are_aligned_to_the_right() -> None:
    assert table(("what", "count"), [("one", "1")], numbers=1).splitlines()[1] == "| --- | --: |"
