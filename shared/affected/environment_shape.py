"""The sections and keys of an environment file, from the text of its model."""

import ast
import dataclasses
from collections.abc import Iterable, Mapping

from shared.affected.atoms import ClassRef, Instance, Items, Kinds
from shared.affected.definitions import Definitions

_MODEL = ("shared.environment", "Environment")


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnvironmentShape:
    """What the model of environments is made of.

    places: the dotted keys at which a class is a section, "" for the whole file; leaves: the fields that say something
    by themselves, by class; nested: all classes of the model, those of entries in mappings too.
    """

    places: Mapping[ClassRef, tuple[str, ...]]
    leaves: Mapping[ClassRef, frozenset[str]]
    nested: frozenset[ClassRef]

    def keys(self, ref: ClassRef, field: str) -> tuple[str, ...]:
        """Return the dotted keys that reading `field` of a section reads; those of all of it where field is empty."""
        if field:
            return tuple(_joined(place, field) for place in self.places.get(ref, ()) if field in self.leaves[ref])
        return tuple(key for place in self.places.get(ref, ()) for key in ([place] if place else self.top()))

    def top(self) -> tuple[str, ...]:
        """Return all keys of the first level."""
        return tuple(sorted({place.partition(".")[0] for places in self.places.values() for place in places} - {""}))


def environment_shape(definitions: Definitions) -> EnvironmentShape | None:
    """Return the shape of environment files, None where the repository has no model of them."""
    found = definitions.binding(*_MODEL)
    if found is None or not isinstance(found[1], ast.ClassDef):
        return None
    places: dict[ClassRef, list[str]] = {}
    leaves: dict[ClassRef, set[str]] = {}
    nested: set[ClassRef] = set()

    def take_in(ref: ClassRef, place: str) -> None:
        if place in places.setdefault(ref, []):
            return
        places[ref].append(place)
        nested.add(ref)
        fields = definitions.fields(ref)
        for name, kinds in fields.items():
            direct = _sections(kinds, definitions)
            if not direct or _optional(definitions, ref, name):
                leaves.setdefault(ref, set()).add(name)
            for section in direct:
                take_in(section, _joined(place, name))
            nested.update(_inside(kinds, definitions))

    take_in(ClassRef(found[0].name, found[1].name), "")
    return EnvironmentShape(
        places={ref: tuple(keys) for ref, keys in places.items()},
        leaves={ref: frozenset(leaves.get(ref, ())) for ref in places},
        nested=frozenset(nested),
    )


def without_inner(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that lie in none of the others, sorted."""
    every = set(keys)
    return tuple(sorted(key for key in every if not any(key.startswith(f"{other}.") for other in every)))


def _joined(place: str, field: str) -> str:
    return f"{place}.{field}" if place else field


def _sections(kinds: Kinds, definitions: Definitions) -> tuple[ClassRef, ...]:
    return tuple(atom.of for atom in kinds if isinstance(atom, Instance) and definitions.class_text(atom.of))


def _inside(kinds: Kinds, definitions: Definitions) -> tuple[ClassRef, ...]:
    return tuple(ref for atom in kinds if isinstance(atom, Items) for ref in _sections(atom.of, definitions))


def _optional(definitions: Definitions, ref: ClassRef, field: str) -> bool:
    """Return whether a section may be null: whether it is, is read with every access."""
    for text in definitions.line(ref):
        if field in text.fields:
            nodes = list(ast.walk(text.fields[field]))
            return any(isinstance(node, ast.Constant) and node.value is None for node in nodes) or any(
                isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("Optional") for node in nodes
            )
    return False
