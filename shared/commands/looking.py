"""Look at stacks as they are, and remember them as they were deployed."""

import datetime
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from ruamel.yaml import YAML

from shared.affected.errors import ProgramError
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree
from shared.commands.commits import commit_of
from shared.commands.holding import beside_state
from shared.commands.ready import Ready, say
from shared.orchestration.backend import states
from shared.orchestration.errors import BackendError
from shared.orchestration.planned_outputs import outputs_of_checkpoint
from shared.orchestration.speculation import Outputs
from shared.orchestration.untouched import REASON, Consumed, Look, consumed_hash, is_untouched
from shared.plan_set.checkpoint_hash import canonical_hash
from shared.state_store.deployed import DeployedRecord, forget, load, save
from shared.state_store.errors import StateStoreError
from shared.state_store.store import StateStore


class Looker:
    """Looks at the stacks of one environment. Each look is taken once. Looks may come from several threads.

    checkpoints: of the stacks that exist. everything: whether every stack counts as touched.
    """

    def __init__(self, prepared: Ready, checkpoints: Mapping[str, dict[str, Any]], *, everything: bool) -> None:
        self.checkpoints = checkpoints
        self._prepared = prepared
        self._everything = everything
        self._looks: dict[str, Look] = {}
        self._as_deployed: dict[str, bool] = {}
        self._snapshot = Snapshot(WorkTree(prepared.session.root))
        self._looking = threading.Lock()

    def untouched(self, stack: str, published: Mapping[str, Outputs]) -> str:
        """Return why a stack need not be previewed; empty where it must be."""
        if self._everything or stack not in self.checkpoints:
            return ""
        return REASON if self._is_as_recorded(stack, published) else ""

    def as_deployed(self, stack: str) -> bool:
        """Return whether a stack is made of what it was made of when it was deployed, and was not changed since."""
        if stack not in self._as_deployed:
            self._as_deployed[stack] = stack in self.checkpoints and self._is_as_recorded(stack, {})
        return self._as_deployed[stack]

    def readers(self, stack: str) -> Mapping[str, tuple[str, ...]]:
        """Return who reads the outputs of a stack, as "stack (file:line)", by output."""
        contract = next(one.publishes for one in self._prepared.stacks if one.name == stack)
        found: dict[str, dict[str, str]] = {}
        for reader in self._prepared.graph.downstreams(stack):
            with self._looking:
                reads = self._snapshot.contract_reads(reader)
            for read in reads:
                # Where it is not certain that an output is read, its reader's own preview tells.
                if read.contract == contract and read.certain:
                    found.setdefault(read.field, {}).setdefault(reader, f"{reader} ({read.file}:{read.line})")
        return {field: tuple(places.values()) for field, places in found.items()}

    def look(self, stack: str) -> Look:
        """Return a stack as it is now. Raises ProgramError."""
        with self._looking:
            if stack not in self._looks:
                self._looks[stack] = self._look(stack)
            return self._looks[stack]

    def look_ahead(self, stacks: Iterable[str]) -> threading.Thread:
        """Look at sources in a thread, which is returned: the caller goes on, which mostly waits for workers."""
        thread = threading.Thread(target=self._look_at, args=(tuple(stacks),), daemon=True)
        thread.start()
        return thread

    def _look_at(self, stacks: Iterable[str]) -> None:
        for stack in stacks:
            # Settings are not among it: a first preview writes some. Whoever asks for the look hears of an error.
            with suppress(ProgramError, OSError), self._looking:
                self._snapshot.fingerprint(stack, self._prepared.environment.name)
                self._snapshot.contract_reads(stack)

    def _is_as_recorded(self, stack: str, published: Mapping[str, Outputs]) -> bool:
        record = load(self._store(), environment=self._prepared.environment.name, stack=stack)
        return record is not None and is_untouched(self.look(stack), record, {**self._deployed(), **published})

    def _look(self, stack: str) -> Look:
        return Look(
            fingerprint=self._snapshot.fingerprint(stack, self._prepared.environment.name),
            consumes=self._consumes(stack),
            settings=_settings(self._prepared, stack),
            checkpoint=canonical_hash(self.checkpoints.get(stack)),
        )

    def _consumes(self, stack: str) -> Consumed:
        producers = {definition.publishes: definition.name for definition in self._prepared.stacks}
        found: dict[str, set[str]] = {upstream: set() for upstream in self._prepared.graph.upstreams[stack]}
        for read in self._snapshot.contract_reads(stack):
            if read.contract in producers:
                found.setdefault(producers[read.contract], set()).add(read.field)
        return {upstream: tuple(sorted(fields)) for upstream, fields in sorted(found.items())}

    def _deployed(self) -> dict[str, Outputs]:
        return {stack: outputs_of_checkpoint(checkpoint) for stack, checkpoint in self.checkpoints.items()}

    def _store(self) -> StateStore:
        return store_of(self._prepared)


def remember(prepared: Ready, looker: Looker, deployed: Iterable[str]) -> None:
    """Note what stacks were made of when they were deployed. Where that fails, the next preview looks at them again."""
    stacks = sorted(deployed)
    if not stacks:
        return
    try:
        store = store_of(prepared)
        now = states(prepared.session)
        published = {stack: outputs_of_checkpoint(checkpoint) for stack, checkpoint in now.items()}
        for stack in stacks:
            save(store, _record(prepared, stack, looker.look(stack), canonical_hash(now.get(stack)) or "", published))
    except (StateStoreError, BackendError) as error:
        say(f"what was deployed could not be noted, so the next preview looks at every stack: {error}")


def forgotten(prepared: Ready, destroyed: Iterable[str]) -> None:
    """Forget what stacks were made of, as they are no more."""
    try:
        store = store_of(prepared)
        for stack in destroyed:
            forget(store, environment=prepared.environment.name, stack=stack)
    except StateStoreError as error:
        say(f"what was destroyed is still noted as deployed: {error}")


def store_of(prepared: Ready) -> StateStore:
    """Return where an environment keeps what is not the engine's."""
    return beside_state(prepared.session)


def _record(
    prepared: Ready, stack: str, look: Look, checkpoint: str, published: Mapping[str, Outputs]
) -> DeployedRecord:
    return DeployedRecord(
        stack=stack,
        environment=prepared.environment.name,
        fingerprint=look.fingerprint.to_json(),
        consumed=consumed_hash(look, published),
        checkpoint=checkpoint,
        commit=commit_of(prepared.session.root),
        time=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _settings(prepared: Ready, stack: str) -> Mapping[str, Any]:
    definition = next(one for one in prepared.stacks if one.name == stack)
    file = prepared.session.work_dir(definition) / f"Pulumi.{prepared.environment.name}.yaml"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return (YAML(typ="safe", pure=True).load(text) or {}).get("config") or {}
