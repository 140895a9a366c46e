"""Formatting, comments and docstrings never matter in a Python file; every constant that the program uses does."""

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shared.affected.meaning import meaning
from shared.affected.modules import ParsedFiles
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree
from shared.environment.loading import REPOSITORY
from tests.unit.affected.changed_files import STACKS

SOURCES = tuple(
    module.text
    for stack in STACKS
    for module in Snapshot(WorkTree(REPOSITORY), ParsedFiles()).program(stack).reachable.modules.values()
    if module.path.startswith("stacks/")
)


def _of(text: str) -> str:
    return meaning(ast.parse(text))


@given(st.sampled_from(SOURCES), st.data())
def test_comments_and_blank_lines_never_matter(source: str, data: st.DataObject) -> None:
    lines = source.splitlines()
    starts = sorted({node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)})
    # A decorator stands above the line at which its function begins.
    at = [line for line in starts if not lines[line - 2].lstrip().startswith("@")]
    for line in sorted(data.draw(st.lists(st.sampled_from(at), max_size=5)), reverse=True):
        indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
        text = data.draw(st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=20))
        lines[line - 1 : line - 1] = data.draw(st.sampled_from([[""], [f"{indent}# {text}"], ["", f"# {text}", ""]]))
    assert _of("\n".join(lines)) == _of(source)


@given(st.sampled_from(SOURCES))
def test_layout_and_quotes_never_matter(source: str) -> None:
    assert _of(ast.unparse(ast.parse(source))) == _of(source)


@given(st.sampled_from(SOURCES), st.text(max_size=30))
def test_docstrings_never_matter(source: str, text: str) -> None:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Expr(ast.Constant(text))
    assert meaning(tree) == _of(source)


def _constants(tree: ast.Module) -> list[ast.Constant]:
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone]


@given(st.sampled_from([source for source in SOURCES if _constants(ast.parse(source))]), st.data())
def test_every_constant_matters(source: str, data: st.DataObject) -> None:
    tree = ast.parse(source)
    chosen = data.draw(st.sampled_from(_constants(tree)))
    other = data.draw(st.sampled_from([None, True, 7, 7.5, "seven", b"7"]).filter(lambda value: value != chosen.value))
    chosen.value = other
    assert meaning(tree) != _of(source)


def test_a_number_is_no_truth_value_and_no_text() -> None:
    assert len({_of(f"x = {value}") for value in ("1", "1.0", "True", "'1'", "b'1'", "None")}) == 6


def test_order_matters() -> None:
    assert _of("a = 1\nb = 2") != _of("b = 2\na = 1")


def test_what_only_type_checkers_read_never_matters() -> None:
    before = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b\nelse:\n    c = 1\n"
    assert _of(before) == _of(before.replace("from a import b", "from x import y"))
    assert _of(before) != _of(before.replace("c = 1", "c = 2"))


def test_every_source_was_looked_at() -> None:
    assert len(SOURCES) > 80
    assert Path(REPOSITORY / "stacks").is_dir()
