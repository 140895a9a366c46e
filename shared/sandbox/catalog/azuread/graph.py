"""What all objects of Entra have in common: ids, references to other objects, who is logged in."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping

from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import CloudIds, NameRule, Request, ResourceModel
from shared.sandbox.wire import Json, Properties

APPLICATION = "azuread:index/application:Application"
SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
GROUP = "azuread:index/group:Group"
_MANAGED_IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


def entra(
    token: str,
    *,
    properties: str = "",
    required: str,
    make_id: Callable[[Request], str],
    name: NameRule | None = None,
    unique: Callable[[Request], str | None] | None = None,
    taken_code: str = "Request_MultipleObjectsWithSameKeyValue",
    check: Callable[[Request], None] | None = None,
    defaults: Mapping[str, Json] | None = None,
    outputs: Callable[[Request], Properties] | None = None,
    replace_on: str = "",
) -> ResourceModel:
    """Return the model of an Entra object.

    token: without the provider and its only module, e.g. "application:Application".
    properties, required, replace_on: names of inputs, separated by spaces.
    taken_code: Graph's error code where the id or the unique name is taken.
    defaults: what the provider or Graph says of inputs that are left out.
    """

    def all_outputs(request: Request) -> Properties:
        omitted = {key: value for key, value in (defaults or {}).items() if request.inputs.get(key) is None}
        return {**omitted, **(outputs(request) if outputs else {})}

    return ResourceModel(
        token=f"azuread:index/{token}",
        properties=frozenset(f"{properties} {required}".split()),
        required=frozenset(required.split()),
        exists_code=taken_code,
        taken_code=taken_code,
        name=name,
        unique_name=unique or (lambda _: None),
        make_id=make_id,
        check=check or (lambda _: None),
        outputs=all_outputs,
        replace_on=frozenset(replace_on.split()),
    )


def deployer(cloud: CloudIds) -> str:
    """Return the object id of the principal that is logged in to the simulated tenant."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cloud.tenant_id}/deployer"))


def object_id(resource_id: str) -> str:
    """Return the object id in a resource id such as /applications/<object id>."""
    return resource_id.rpartition("/")[2]


def not_found(resource: str) -> CloudError:
    """Return Graph's answer to a reference to what does not exist."""
    problem = f"Resource '{resource}' does not exist or one of its queried reference-property objects are not present."
    return CloudError("Request_ResourceNotFound", problem)


def find_object(request: Request, wanted: str) -> Record | None:
    """Return the application's principal, the group or the managed identity with that object id, or None."""
    return next((record for record in _principals(request) if _principal_id(record) == wanted), None)


def check_principals(request: Request, keys: Iterable[str]) -> None:
    """Raise CloudError where the inputs `keys` hold object ids of nobody."""
    for key in keys:
        for wanted in request.inputs.get(key) or []:
            if wanted != deployer(request.cloud) and find_object(request, str(wanted)) is None:
                raise not_found(str(wanted))


def duplicate_name(kind: str, request: Request) -> CloudError:
    """Return the provider's refusal to make a second object of a name. The service itself would allow it."""
    problem = f"an {kind} with the name '{request.text('displayName')}' exists already; import it or take another name"
    return CloudError("ResourceAlreadyExists", problem)


def _principals(request: Request) -> Iterator[Record]:
    for token in (SERVICE_PRINCIPAL, GROUP, _MANAGED_IDENTITY):
        yield from request.existing.of_type(token)


def _principal_id(record: Record) -> str:
    return str(record.outputs["principalId" if record.token == _MANAGED_IDENTITY else "objectId"])
