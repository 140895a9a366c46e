"""A platform of many small stacks, to see how cost grows with their number.

It has layers of equal width. A stack makes a resource group and a managed identity in it, and is tagged with what it
reads: from the stack below it, and from the one beside that.
"""

import dataclasses
from pathlib import Path

_CONTRACT = '''"""Contract of {name}."""

import dataclasses

from pulumi import Output

from shared.contracts.stack_outputs import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class {contract}(StackOutputs, stack="{name}"):
    """What {name} publishes."""

    group: Output[str] = output("Name of its resource group.")
    identity: Output[str] = output("ARM id of its identity.")
'''
_PROGRAM = '''"""A resource group and a managed identity in it."""

import pulumi_azure_native as az

{imports}
from shared.environment import Environment


def program({parameters}) -> {contract}:
    """Make both, tagged with what is read."""
    tags = {{{tags}}}
    group = az.resources.ResourceGroup(
        "group", resource_group_name="rg-{dashed}", location=env.azure.location, tags=tags
    )
    identity = az.managedidentity.UserAssignedIdentity(
        "identity", resource_group_name=group.name, resource_name_="id-{dashed}", location=env.azure.location
    )
    return {contract}(group=group.name, identity=identity.id)
'''
_MAIN = '''"""The {name} stack."""

from shared.stack_program import run
from stacks.{name}.program import program

run(program)
'''


@dataclasses.dataclass(frozen=True, kw_only=True)
class SyntheticGraph:
    """width: stacks in each layer; depth: layers."""

    width: int
    depth: int

    @property
    def stacks(self) -> tuple[str, ...]:
        """Return the names, layer by layer."""
        return tuple(_name(layer, place) for layer in range(self.depth) for place in range(self.width))

    def upstreams(self, stack: str) -> tuple[str, ...]:
        """Return the stacks that `stack` reads from."""
        layer, place = (int(part) for part in stack.removeprefix("layer_").split("_"))
        if layer == 0:
            return ()
        return tuple(sorted({_name(layer - 1, place), _name(layer - 1, (place + 1) % self.width)}))

    def write(self, root: Path) -> None:
        """Write the stacks and their contracts into a repository that has none of these stacks."""
        (root / "stacks").mkdir(exist_ok=True)
        (root / "stacks" / "__init__.py").touch()
        for stack in self.stacks:
            self._write(root, stack)

    def _write(self, root: Path, stack: str) -> None:
        folder = root / "stacks" / stack
        folder.mkdir()
        contract = root / "shared" / "contracts" / f"{stack}.py"
        contract.write_text(_CONTRACT.format(name=stack, contract=_contract(stack)), encoding="utf-8")
        (folder / "__init__.py").touch()
        (folder / "__main__.py").write_text(_MAIN.format(name=stack), encoding="utf-8")
        (folder / "Pulumi.yaml").write_text(f"name: {stack}\nruntime: python\n", encoding="utf-8")
        (folder / "program.py").write_text(self._program(stack), encoding="utf-8")

    def _program(self, stack: str) -> str:
        upstreams = self.upstreams(stack)
        imports = [f"from shared.contracts.{name} import {_contract(name)}" for name in sorted({stack, *upstreams})]
        return _PROGRAM.format(
            imports="\n".join(imports),
            parameters=", ".join(["env: Environment", *(f"{name}: {_contract(name)}" for name in upstreams)]),
            tags=", ".join(f'"{name}": {name}.group' for name in upstreams),
            contract=_contract(stack),
            dashed=stack.replace("_", "-"),
        )


def _name(layer: int, place: int) -> str:
    return f"layer_{layer:02}_{place:02}"


def _contract(stack: str) -> str:
    return f"{''.join(part.title() for part in stack.split('_'))}Outputs"
