"""One state of a repository, and the fingerprints of its stacks in it. What was read is kept while it is looked at."""

from collections.abc import Mapping

from shared.affected.contract_read import ContractRead, reads_of
from shared.affected.data_files import data_files, of_environment, settings_of
from shared.affected.environment_values import environment_file, hash_of_value, hashed
from shared.affected.errors import ProgramError
from shared.affected.fingerprint_model import Fingerprint
from shared.affected.locked import LOCK, locked_versions, versions_of
from shared.affected.meaning import digest
from shared.affected.modules import ParsedFiles
from shared.affected.stack_analysis import StackAnalysis, StackProgram, analyse, program_of
from shared.affected.tree import Entry, Traced, Tree, text_at
from shared.environment.plain_yaml import PlainYamlError, read_plain_yaml


class Snapshot:
    """The stacks of one tree. parsed: what other snapshots have parsed already."""

    def __init__(self, tree: Tree, parsed: ParsedFiles | None = None) -> None:
        self._tree = tree
        self._parsed = parsed or ParsedFiles()
        self._traces: dict[str, Traced] = {}
        self._programs: dict[str, StackProgram] = {}
        self._stacks: dict[str, StackAnalysis] = {}
        self._data: dict[str, dict[str, Entry]] = {}
        self._environments: dict[str, Mapping[str, object]] = {}
        self._locked: dict[str, str] | None = None

    def program(self, stack: str) -> StackProgram:
        """Return the modules of a stack. Raises ProgramError."""
        if stack not in self._programs:
            trace = self._traces.setdefault(stack, Traced(self._tree))
            self._programs[stack] = program_of(trace, stack, self._parsed)
        return self._programs[stack]

    def analysis(self, stack: str) -> StackAnalysis:
        """Return what the text of a stack's program says. Raises ProgramError."""
        if stack not in self._stacks:
            program = self.program(stack)
            try:
                self._stacks[stack] = analyse(program, stack)
            except RecursionError:
                problem = "an expression of its program is nested too deeply to be followed"
                raise ProgramError(path=f"stacks/{stack}", line=0, problem=problem, ref=self._tree.ref) from None
        return self._stacks[stack]

    def contract_reads(self, stack: str) -> tuple[ContractRead, ...]:
        """Return what a stack's code reads of the contracts that its program takes. Raises ProgramError."""
        return reads_of(self.program(stack), self.analysis(stack))

    def data(self, stack: str, program: StackProgram) -> dict[str, Entry]:
        """Return the files that are no modules and that a stack's program could read."""
        return data_files(self._tree, stack, program.reachable.modules)

    def depends_on(self, stack: str, changes: Mapping[str, Entry | None]) -> bool:
        """Return whether what was asked about a stack so far could have another answer without `changes`."""
        trace = self._traces.get(stack)
        return trace is None or trace.listed or not changes.keys().isdisjoint(trace.looked_at)

    def adopt(self, stack: str, other: "Snapshot") -> None:
        """Take over what another snapshot knows of a stack's program, which is the same in both."""
        self._programs[stack] = other.program(stack)
        self._stacks[stack] = other.analysis(stack)

    def fingerprint(self, stack: str, environment: str) -> Fingerprint:
        """Return what `stack` is made of in `environment`. Raises ProgramError."""
        analysis = self.analysis(stack)
        values = self._values(environment)
        if stack not in self._data:
            self._data[stack] = self.data(stack, self.program(stack))
        files = self._data[stack]
        data = {path: _digest_of(path, stack, files[path]) for path in of_environment(files, stack, environment)}
        return Fingerprint(
            stack=stack,
            environment=environment,
            sources=dict(sorted((data | dict(analysis.digests)).items())),
            values=hashed(values, sorted(values) if analysis.keys is None else analysis.keys),
            versions=versions_of(analysis.imported, self._versions()),
        )

    def _values(self, environment: str) -> Mapping[str, object]:
        if environment not in self._environments:
            self._environments[environment] = environment_file(self._tree, environment)
        return self._environments[environment]

    def _versions(self) -> dict[str, str]:
        if self._locked is None:
            self._locked = locked_versions(text_at(self._tree, LOCK) or "")
        return self._locked


def _digest_of(path: str, stack: str, entry: Entry) -> str:
    """Return what matters in a file: all of it, and whether it may be run; of Pulumi's settings, what they say."""
    if entry.link:
        return digest("link", entry.content.hex())
    if path == f"stacks/{stack}/Pulumi.yaml" or settings_of(path, stack) is not None:
        try:
            return hash_of_value(read_plain_yaml(entry.content.decode("utf-8")))
        except (PlainYamlError, UnicodeDecodeError):
            return digest("file", entry.content.hex())
    return digest("program" if entry.executable else "file", entry.content.hex())
