"""What is known of one stack from the text of its program, whatever the environment."""

import ast
import dataclasses
from collections.abc import Callable, Mapping

from shared.affected.atoms import ClassRef, Function, Instance, Items, Kinds
from shared.affected.definitions import Definitions
from shared.affected.environment_shape import EnvironmentShape, environment_shape, without_inner
from shared.affected.errors import ProgramError
from shared.affected.meaning import digest, meaning
from shared.affected.modules import Modules, ParsedFiles, imports_of
from shared.affected.program_reads import Read, program_reads
from shared.affected.reachable import Reachable, reachable
from shared.affected.tree import Tree

# Its functions import an SDK when the first resource of that SDK is made: a stack without one never runs them.
ON_DEMAND = "shared/providers.py"


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackProgram:
    """The modules of one stack. modules: where they are looked for; reachable: what the program is made of."""

    modules: Modules
    reachable: Reachable


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackAnalysis:
    """What the text of one stack's program says.

    keys: dotted keys of environment files that it reads, None for all of them; reads: what it reads of the contracts
    that it takes; digests: what matters in its Python files, by path; imported: dotted names that it imports from
    elsewhere.
    """

    keys: tuple[str, ...] | None
    reads: tuple[Read, ...]
    digests: Mapping[str, str]
    imported: frozenset[str]


def program_of(tree: Tree, stack: str, parsed: ParsedFiles) -> StackProgram:
    """Return the modules of a stack. Raises ProgramError where one of them is not Python."""
    modules = Modules(tree, stack, parsed)
    if modules.find(f"stacks.{stack}.__main__") is None:
        path = f"stacks/{stack}/__main__.py"
        raise ProgramError(path=path, line=0, problem="is missing", ref=tree.ref)
    return StackProgram(modules=modules, reachable=reachable(modules, stack))


def analyse(program: StackProgram, stack: str) -> StackAnalysis:
    """Return what the text of a stack's program says. Raises ProgramError where a part of it is not Python."""
    found = program.reachable
    definitions = Definitions(program.modules)
    shape = environment_shape(definitions)
    model = shape.nested if shape else frozenset[ClassRef]()
    contracts = _contracts(definitions, stack, model)
    followed = model | frozenset(contracts)
    imported = _really_imported(found)
    reads = program_reads(
        definitions,
        found.modules.values(),
        followed,
        entry=definitions.name(f"stacks.{stack}.program", "program"),
        skipped=_never_called(program.modules, imported),
    )
    return StackAnalysis(
        keys=_keys(reads, shape),
        reads=tuple(sorted(one for one in reads if one.ref in contracts)),
        digests=_digests(found, definitions, followed, reads),
        imported=imported,
    )


def _contracts(definitions: Definitions, stack: str, model: frozenset[ClassRef]) -> tuple[ClassRef, ...]:
    module = f"stacks.{stack}.program"
    found = definitions.binding(module, "program")
    if found is None or not isinstance(found[1], ast.FunctionDef):
        return ()
    arguments = found[1].args
    takes = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    kinds = [atom for one in takes for atom in definitions.annotation(one.annotation, found[0].name)]
    return tuple(dict.fromkeys(atom.of for atom in kinds if isinstance(atom, Instance) and atom.of not in model))


def _keys(reads: frozenset[Read], shape: EnvironmentShape | None) -> tuple[str, ...] | None:
    if shape is None:
        return None
    keys = {key for read in reads for key in shape.keys(read.ref, read.field)}
    return without_inner(keys - {"name"})  # the file's name, not a key of it


def _really_imported(found: Reachable) -> frozenset[str]:
    """Return what is imported from elsewhere, without SDKs that only stand ready for those who use them."""
    packages = {name.partition(".")[0] for name, paths in found.outside.items() if paths != frozenset({ON_DEMAND})}
    return frozenset(name for name in found.outside if name.partition(".")[0] in packages)


def _never_called(modules: Modules, imported: frozenset[str]) -> Callable[[Function], bool]:
    used = {name.partition(".")[0] for name in imported}

    def never_called(function: Function) -> bool:
        module = modules.find(function.module)
        if module is None or module.path != ON_DEMAND:
            return False
        packages = {one.module.partition(".")[0] for one in imports_of(function.node, module.home)}
        return any(modules.find(package) is None and package not in used for package in packages)

    return never_called


def _digests(
    found: Reachable, definitions: Definitions, followed: frozenset[ClassRef], reads: frozenset[Read]
) -> dict[str, str]:
    without = _unread_fields(definitions, followed, reads)
    holding = {ref.module for ref in followed}
    whole = {
        path: digest(meaning(module.body, without)) if module.name in holding else module.digest
        for path, module in found.modules.items()
    }
    return whole | {path: digest(*notes) for path, notes in found.passed_on.items() if path not in whole}


def _unread_fields(
    definitions: Definitions, followed: frozenset[ClassRef], reads: frozenset[Read]
) -> frozenset[ast.AST]:
    """Return the declarations of fields, of contracts and of the environment, that the stack does not read.

    They are nothing to it: another stack's new output, or a new key of another stack's section.
    """
    by_class = {ref: {one.field for one in reads if one.ref == ref} for ref in followed}
    whole = _with_inner({ref for ref, fields in by_class.items() if "" in fields}, definitions)
    return frozenset(
        node
        for ref, read in by_class.items()
        if ref not in whole and (text := definitions.class_text(ref)) is not None
        for node in text.node.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id not in read
    )


def _with_inner(refs: set[ClassRef], definitions: Definitions) -> set[ClassRef]:
    """Return classes with those of the sections in them."""
    found, waiting = set[ClassRef](), list(refs)
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found.add(ref)
            waiting += [inner for kinds in definitions.fields(ref).values() for inner in _classes(kinds)]
    return found


def _classes(kinds: Kinds) -> list[ClassRef]:
    inside = [ref for atom in kinds if isinstance(atom, Items) for ref in _classes(atom.of)]
    return [*inside, *(atom.of for atom in kinds if isinstance(atom, Instance))]
