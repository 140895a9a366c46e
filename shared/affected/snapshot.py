"""One state of a repository, and the fingerprints of its stacks in it. What was read is kept while it is looked at."""

from collections.abc import Mapping

from shared.affected.data_files import of_environment, settings_of
from shared.affected.environment_values import environment_file, hash_of_value, hashed
from shared.affected.fingerprint_model import Fingerprint
from shared.affected.locked import LOCK, locked_versions, versions_of
from shared.affected.meaning import digest
from shared.affected.modules import ParsedFiles
from shared.affected.stack_analysis import StackAnalysis, analyse
from shared.affected.tree import Entry, Tree, text_at
from shared.environment.plain_yaml import PlainYamlError, read_plain_yaml


class Snapshot:
    """The stacks of one tree. parsed: what other snapshots have parsed already."""

    def __init__(self, tree: Tree, parsed: ParsedFiles | None = None) -> None:
        self._tree = tree
        self._parsed = parsed or ParsedFiles()
        self._stacks: dict[str, StackAnalysis] = {}
        self._environments: dict[str, Mapping[str, object]] = {}
        self._locked: dict[str, str] | None = None

    def stack(self, name: str) -> StackAnalysis:
        """Return what the text of a stack says. Raises ProgramError."""
        if name not in self._stacks:
            self._stacks[name] = analyse(self._tree, name, self._parsed)
        return self._stacks[name]

    def fingerprint(self, stack: str, environment: str) -> Fingerprint:
        """Return what `stack` is made of in `environment`. Raises ProgramError."""
        analysis = self.stack(stack)
        values = self._values(environment)
        wanted = of_environment(analysis.data, stack, environment)
        data = {path: _digest_of(path, stack, analysis.data[path]) for path in wanted}
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
