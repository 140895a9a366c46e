"""How the stacks of the work tree differ from those of a commit."""

from collections.abc import Mapping
from pathlib import Path

from shared.affected.fingerprint_model import differences
from shared.affected.locked import LOCK
from shared.affected.modules import ParsedFiles
from shared.affected.snapshot import Snapshot
from shared.affected.stack_analysis import StackProgram
from shared.affected.tree import Entry, Overlay, WorkTree


class Comparison:
    """The work tree at `root` against the commit `ref`, which differs in `changes`."""

    def __init__(
        self, root: Path, ref: str, environments: tuple[str, ...], changes: Mapping[str, Entry | None]
    ) -> None:
        now, parsed = WorkTree(root), ParsedFiles()
        then = Overlay(base=now, changes=changes, ref=ref)
        self._changes = changes
        self._environments = environments
        self._now, self._then = Snapshot(now, parsed), Snapshot(then, parsed)
        self._files = {
            environment: (then.entry(path), now.entry(path))
            for environment in environments
            for path in [f"environments/{environment}.yaml"]
        }
        self._values_changed = LOCK in changes or any(one != other for one, other in self._files.values())

    def differences(self, stack: str) -> tuple[str, ...]:
        """Return how a stack differs, in sentences."""
        now, then = self._now, self._then
        program = now.program(stack)
        same_values = not self._values_changed
        if same_values and not now.depends_on(stack, self._changes) and self._same_data(stack, program):
            return ()  # quick: no need to know which values it reads
        now.analysis(stack)
        environments = self._environments
        if not now.depends_on(stack, self._changes):
            then.adopt(stack, now)
            if LOCK not in self._changes and self._same_data(stack, program):
                environments = tuple(one for one in environments if self._files[one][0] != self._files[one][1])
        found = [sentence for environment in environments for sentence in self._in(stack, environment)]
        return tuple(dict.fromkeys(found))

    def _same_data(self, stack: str, program: StackProgram) -> bool:
        return self._then.data(stack, program) == self._now.data(stack, program)

    def _in(self, stack: str, environment: str) -> tuple[str, ...]:
        file = f"environments/{environment}.yaml"
        before, after = self._files[environment]
        if before is None and after is not None:
            return (f"{file} is new",)
        if before is not None and after is None:
            return (f"{file} was removed",)
        return differences(self._then.fingerprint(stack, environment), self._now.fingerprint(stack, environment))
