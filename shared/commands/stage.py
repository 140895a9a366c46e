"""Where commands deploy an environment's configuration to a throw-away sandbox."""

import dataclasses
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shared.commands.arguments import Options
from shared.commands.ready import Ready, say
from shared.engine import Engine, find_engine
from shared.environment import Environment
from shared.orchestration.backend import resource_counts, states, with_resources
from shared.orchestration.definitions import discover
from shared.orchestration.forkserver import warm_up
from shared.orchestration.graph import graph_of
from shared.orchestration.workers import Workers, default_parallelism
from shared.rehearsal import rehearsal_session


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a rehearsal takes place. folder: of everything that it makes."""

    options: Options
    folder: Path
    parallel: int
    engine: Engine
    workers: Workers

    @contextmanager
    def open(self, environment: Environment) -> Generator[Ready]:
        """Yield what a run over all stacks of `environment`, whose ids are known, needs."""
        with rehearsal_session(environment, self.options.root, self.folder) as session:
            stacks = discover(session.root)
            graph = graph_of(stacks)
            session.prepare(stacks)
            known = states(session)
            yield Ready(
                environment=environment,
                stacks=stacks,
                graph=graph,
                selected=graph.order,
                parallel=self.parallel,
                session=session,
                engine=self.engine,
                workers=self.workers,
                deployed=with_resources(known) & set(graph.order),
                made=frozenset(known),
                resources=resource_counts(known),
            )


@contextmanager
def stage(options: Options) -> Generator[Stage]:
    """Yield a stage with warm workers, whose folder is gone afterwards. Raises UsageError, EngineNotFoundError."""
    parallel = options.workers(default_parallelism)
    warm_up()
    engine = find_engine(say)
    with tempfile.TemporaryDirectory(prefix="rehearsal-", ignore_cleanup_errors=True) as name:
        # Resolved: positions in a state are relative to the path that the engine sees.
        folder = Path(name).resolve()
        yield Stage(options=options, folder=folder, parallel=parallel, engine=engine, workers=Workers())
