"""Which of the objects that are followed a value is, or holds."""

from shared.affected.atoms import ClassRef, Instance, Items, Kinds, Signature
from shared.affected.definitions import Definitions
from shared.affected.report import Report


class Holding:
    """Looks into collections, records and the results of lambdas."""

    def __init__(self, definitions: Definitions, report: Report) -> None:
        self._definitions = definitions
        self._report = report

    def watched(self, kinds: Kinds) -> set[ClassRef]:
        """Return the watched classes whose objects `kinds` are, or hold."""
        return self._watched(kinds, set())

    def _watched(self, kinds: Kinds, seen: set[ClassRef]) -> set[ClassRef]:
        found: set[ClassRef] = set()
        for atom in kinds:
            match atom:
                case Items():
                    found |= self._watched(atom.of, seen)
                case Signature(takes=None):
                    found |= self._watched(atom.gives, seen)
                case Instance(of=ref) if self._report.watches(ref):
                    found.add(ref)
                case Instance(of=ref) if ref not in seen:
                    seen.add(ref)
                    if any(text.record for text in self._definitions.line(ref)):
                        for held in self._definitions.fields(ref).values():
                            found |= self._watched(held, seen)
                case _:
                    continue
        return found
