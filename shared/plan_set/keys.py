"""What a key of plan sets can do: wrap the data key of one set, and unwrap it again."""

from typing import Protocol


class PlanSetKey(Protocol):
    """The key of an environment's plan sets. A data key is 32 random bytes, fresh for each set.

    context: the environment's name. It is authenticated: what was wrapped for one is not unwrapped for another.
    """

    @property
    def url(self) -> str:
        """Name of the key, as the environment file has it. Stands in the clear in each set."""
        ...

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Return `data_key` so that only this key gives it back. Raises PlanSetKeyError."""
        ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key. Raises PlanSetKeyError, and WrapRefusedError where this key did not wrap it."""
        ...
