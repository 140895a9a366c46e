"""State backends that tests start by themselves."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True, kw_only=True)
class Backend:
    """A state backend. secrets_provider: of its stacks; variables: with which engine and program log in to it.

    stop, start: the service; what it holds outlives a stop.
    """

    url: str
    secrets_provider: str
    variables: dict[str, str]
    stop: Callable[[], None]
    start: Callable[[], None]
