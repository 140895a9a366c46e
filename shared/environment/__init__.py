"""One environment of the platform: `load("prod")` reads `environments/prod.yaml` into one frozen model."""

from shared.environment.errors import EnvironmentFileError
from shared.environment.ids import missing_ids, require_ids
from shared.environment.loading import environment_names, load
from shared.environment.model import Environment

__all__ = ["Environment", "EnvironmentFileError", "environment_names", "load", "missing_ids", "require_ids"]
