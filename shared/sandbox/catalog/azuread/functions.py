"""What Entra answers about the login."""

import uuid

from shared.sandbox.catalog.azuread.graph import deployer
from shared.sandbox.model import FunctionModel, Request
from shared.sandbox.wire import Properties


def _client(request: Request) -> Properties:
    client = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{request.cloud.tenant_id}/deployer's application"))
    who = deployer(request.cloud)
    return {
        "clientId": client,
        "objectId": who,
        "tenantId": request.cloud.tenant_id,
        "id": f"{request.cloud.tenant_id}-{client}-{who}",
    }


_CLIENT = "azuread:index/getClientConfig:getClientConfig"
FUNCTIONS = {_CLIENT: FunctionModel(token=_CLIENT, properties=frozenset(), result=_client)}
