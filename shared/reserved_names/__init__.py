"""Names that Azure keeps for days after a deletion: found before a deployment, freed after a destruction."""

from shared.reserved_names.errors import NamesReservedError, PurgeError
from shared.reserved_names.kept_secrets import check_secrets, secrets_of_state
from shared.reserved_names.opening import register_of
from shared.reserved_names.release import Question, Released, release_names
from shared.reserved_names.reservation import Reservation
from shared.reserved_names.verification import check_names

__all__ = [
    "NamesReservedError",
    "PurgeError",
    "Question",
    "Released",
    "Reservation",
    "check_names",
    "check_secrets",
    "register_of",
    "release_names",
    "secrets_of_state",
]
