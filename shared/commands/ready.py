"""Everything that a command over stacks needs, checked before anything is touched."""

import dataclasses
import sys
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager

from shared.commands.arguments import Options, UsageError
from shared.commands.report_files import refuse_bad_files
from shared.engine import Engine, find_engine
from shared.environment import Environment
from shared.lease.lease import Lease
from shared.login import check_logins
from shared.orchestration.backend import resource_counts, states, with_resources
from shared.orchestration.definitions import StackDefinition, discover
from shared.orchestration.errors import StateFolderError
from shared.orchestration.forkserver import warm_up
from shared.orchestration.graph import Graph, graph_of
from shared.orchestration.retries import TIME_LIMIT
from shared.orchestration.session import Session, real_session, sandbox_session
from shared.orchestration.workers import Workers, default_parallelism


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ready:
    """An environment with its stacks, its state and an engine.

    deployed: the stacks that have resources; made: those that the backend has; orphaned: those that have resources and
    whose folder is gone. resources: how many each stack has. lease: of the environment, None for a command that changes
    nothing. time_limit: seconds that one resource may take.
    """

    environment: Environment
    stacks: tuple[StackDefinition, ...]
    graph: Graph
    selected: tuple[str, ...]
    parallel: int
    session: Session
    engine: Engine
    workers: Workers
    deployed: frozenset[str]
    made: frozenset[str]
    orphaned: tuple[str, ...] = ()
    resources: Mapping[str, int] = dataclasses.field(default_factory=dict[str, int])
    lease: Lease | None = None
    time_limit: float = TIME_LIMIT


@contextmanager
def ready(options: Options, *, asks: str = "") -> Generator[Ready]:
    """Yield what a run over the environment of `options` needs, with its clouds up.

    asks: the command that will ask for confirmation; empty for one that never does.
    Raises what shared.commands.failures lists, before anything is touched.
    """
    refuse_bad_files(options)
    environment = options.environment()
    stacks = discover(options.root)
    graph = graph_of(stacks)
    selected = graph.select(options.stack_names())
    parallel = options.workers(default_parallelism)
    options.seconds_to_wait()  # only to refuse a wrong one at once
    time_limit = options.seconds_per_resource(TIME_LIMIT)
    session = session_of(options, environment, clouds=True)
    if asks:
        refuse_without_terminal(options, asks)
    warm_up()
    engine = find_engine(say)
    with session as opened:
        opened.prepare(stack for stack in stacks if stack.name in selected)
        yield with_state(
            Ready(
                environment=environment,
                stacks=stacks,
                graph=graph,
                selected=selected,
                parallel=parallel,
                session=opened,
                engine=engine,
                workers=Workers(),
                deployed=frozenset(),
                made=frozenset(),
                time_limit=time_limit,
            )
        )


def with_state(prepared: Ready) -> Ready:
    """Return `prepared` with what the state backend holds now. Raises BackendError."""
    known = states(prepared.session)
    deployed = with_resources(known)
    stacks = set(prepared.graph.order)
    return dataclasses.replace(
        prepared,
        deployed=deployed & stacks,
        made=frozenset(known),
        orphaned=tuple(sorted(deployed - stacks)),
        resources=resource_counts(known),
    )


def session_of(
    options: Options, environment: Environment, *, clouds: bool, looks: bool = False
) -> AbstractContextManager[Session]:
    """Return the session of an environment; that of a real one only after its ids and its logins were checked.

    looks: whether what is there is only looked at, so that a folder that is not there was mistyped.
    Raises EnvironmentFileError, LoginMissingError, WrongLoginError, StateFolderError.
    """
    if environment.simulated:
        here = environment.state.backend.startswith("file:")
        if looks and here and options.state and not options.state_folder().is_dir():
            fix = "name the folder that the sandbox was deployed with"
            raise StateFolderError(folder=options.state_folder(), problem="it is not there", fix=fix)
        return sandbox_session(environment, options.root, options.state_folder(), clouds=clouds)
    check_logins(environment)
    return real_session(environment, options.root)


def refuse_without_terminal(options: Options, command: str) -> None:
    """Raise UsageError where `command` has to ask and nobody can answer."""
    if not options.yes and (options.json or not sys.stdin.isatty()):
        raise UsageError(flag="--yes", problem=f"is missing and {command} cannot ask here", fix="add it")


def say(text: str) -> None:
    """Print a line of progress."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
