"""An environment's configuration, end to end on a throw-away sandbox."""

from shared.rehearsal.environment import rehearsed
from shared.rehearsal.session import rehearsal_session

__all__ = ["rehearsal_session", "rehearsed"]
