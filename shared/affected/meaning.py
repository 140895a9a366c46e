"""What matters in a Python file: everything but comments, layout, docstrings and what only type checkers read."""

import ast
import hashlib
from collections.abc import Iterator

_BESIDE_THE_POINT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def digest(*parts: str) -> str:
    """Return the SHA-256 of texts, in hex. The same texts cut elsewhere have another one."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        found.update(f"{len(data)}:".encode() + data)
    return found.hexdigest()


def meaning(node: ast.AST, without: frozenset[ast.AST] = frozenset()) -> str:
    """Return a text that is the same for two programs that do the same things in the same words.

    without: statements that do not count. Written by us, since what `ast.dump` leaves out differs between versions.
    """
    return "".join(_written(node, without))


def checks_types_only(node: ast.AST) -> bool:
    """Return whether `node` is `if TYPE_CHECKING:`, whose body never runs."""
    if not isinstance(node, ast.If):
        return False
    test = node.test
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def _written(value: object, without: frozenset[ast.AST]) -> Iterator[str]:
    if isinstance(value, ast.Constant):
        yield f"({type(value.value).__name__} {value.value!r})"
    elif isinstance(value, ast.AST):
        yield f"({type(value).__name__}"
        for field in value._fields:
            inner: object = getattr(value, field, None)
            if field in _BESIDE_THE_POINT or inner is None or inner == []:
                continue
            if field == "body" and checks_types_only(value):
                continue
            yield f" {field}="
            yield from _written(inner, without)
        yield ")"
    elif isinstance(value, list):
        yield "["
        for item in value:
            if not _says_nothing(item) and item not in without:
                yield from _written(item, without)
        yield "]"
    else:
        yield f"{value!r}"


def _says_nothing(node: object) -> bool:
    """Return whether `node` is a text that stands alone: a docstring, of whatever stands before or around it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
