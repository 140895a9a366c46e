"""What a method puts into the attributes of its object."""

import ast


def set_on_self(
    method: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> list[tuple[ast.expr | None, ast.expr | None]]:
    """Return (value, annotation) of every `self.name = value` in a method."""
    found: list[tuple[ast.expr | None, ast.expr | None]] = []
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            found += [(node.value, None) for target in node.targets if _is_self(target, name)]
        elif isinstance(node, ast.AnnAssign) and _is_self(node.target, name):
            found.append((node.value, node.annotation))
    return found


def _is_self(target: ast.expr, name: str) -> bool:
    match target:
        case ast.Attribute(value=ast.Name(id="self")):
            return target.attr == name
        case _:
            return False
