"""The stacks of a repository, read from their programs' signatures without importing them.

`def program(env: Environment, identity: IdentityOutputs) -> KeyVaultOutputs` says that this stack takes the contract
IdentityOutputs and publishes KeyVaultOutputs. Importing the programs would import the cloud SDKs, which takes seconds.
"""

import ast
import dataclasses
from pathlib import Path

from shared.orchestration.errors import GraphError


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackDefinition:
    """One stack: its name (folder and Pulumi project), its folder, the contracts it takes and the one it publishes."""

    name: str
    folder: Path
    takes: tuple[str, ...]
    publishes: str

    @property
    def main(self) -> Path:
        """Return the file that Pulumi runs."""
        return self.folder / "__main__.py"


def discover(root: Path) -> tuple[StackDefinition, ...]:
    """Return the stacks of the repository at `root`, sorted by name.

    Raises GraphError where a program cannot be read, or its signature says something else than contracts.
    """
    folders = sorted(path.parent for path in (root / "stacks").glob("*/program.py"))
    if not folders:
        raise GraphError(
            stack="", problem=f"there is no stack in {root / 'stacks'}", fix="add stacks/<name>/program.py"
        )
    return tuple(_definition(folder) for folder in folders)


def _definition(folder: Path) -> StackDefinition:
    program = _program(folder)
    for name in ("Pulumi.yaml", "__main__.py"):
        if not (folder / name).exists():
            fix = "copy it from another stack, and change the name in it"
            raise GraphError(stack=folder.name, problem=f"{name} is missing", fix=fix)
    arguments = [*program.args.posonlyargs, *program.args.args, *program.args.kwonlyargs]
    names = [_annotation(folder, argument.annotation, f"parameter {argument.arg}") for argument in arguments]
    return StackDefinition(
        name=folder.name,
        folder=folder,
        takes=tuple(name for name in names if name != "Environment"),
        publishes=_annotation(folder, program.returns, "the result"),
    )


def _program(folder: Path) -> ast.FunctionDef:
    file = folder / "program.py"
    try:
        module = ast.parse(file.read_text(encoding="utf-8"), str(file))
    except (SyntaxError, UnicodeDecodeError, OSError) as error:
        raise GraphError(stack=folder.name, problem=f"program.py cannot be read: {error}", fix="correct it") from error
    found = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "program"]
    if not found:
        raise GraphError(stack=folder.name, problem="program.py defines no program()", fix="see another stack")
    return found[-1]


def _annotation(folder: Path, annotation: ast.expr | None, what: str) -> str:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    if isinstance(annotation, ast.Name):
        return annotation.id
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    problem = f"{what} of program() has no contract as its type"
    raise GraphError(stack=folder.name, problem=problem, fix="annotate it with a class of shared/contracts")
