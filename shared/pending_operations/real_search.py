"""Finding resources of the real clouds whose ids they make up."""

from shared.environment import Environment
from shared.pending_operations.aws_search import AwsSearch, aws_client
from shared.pending_operations.entra_search import entra_search
from shared.pending_operations.search import Marks, Search
from shared.reserved_names.azure_credential import credential


class RealSearch:
    """A Search in AWS and Entra, with the login of the run. Nobody is asked before the first question."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def find(self, token: str, marks: Marks) -> tuple[str, ...]:
        """Return the ids of what is found. Raises SearchError."""
        return self._search(token).find(token, marks)

    def _search(self, token: str) -> Search:
        if token.startswith("aws:"):
            return AwsSearch(aws_client(self._environment.aws.region))
        return entra_search(credential(str(self._environment.azure.subscription_id)))
