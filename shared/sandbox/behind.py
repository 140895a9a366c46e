"""What somebody does behind Pulumi's back: resources of the inventory are changed and deleted, as in a portal.

The clouds decide as they always do: what a service would refuse to anybody is refused here.
"""

import dataclasses
from collections.abc import Iterator

from shared.sandbox.catalog import CATALOGS
from shared.sandbox.diff import changes
from shared.sandbox.errors import BehindError, CloudError
from shared.sandbox.inventory import Inventory, Record
from shared.sandbox.model import Catalog, CloudIds, Request, ResourceModel
from shared.sandbox.outputs import all_outputs
from shared.sandbox.property_path import Path, at, with_value
from shared.sandbox.service import CloudService, problems
from shared.sandbox.wire import Json, Properties, Secret, hashed

_HASH = "sha256:"
_BUCKET = "aws:s3/bucket:Bucket"
_APPLICATION = "azuread:index/application:Application"
_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
_GROUP = "azuread:index/group:Group"


def changed(inventory: Inventory, cloud: CloudIds, record: Record, path: Path, value: Json) -> Record:
    """Give a property another value; None takes it away. Returns the resource as it is now.

    What the service computes from it changes with it. A secret is kept as a hash. Raises BehindError.
    """
    model = _catalog(record).resources[record.token]
    what = f"{record.token} {record.id}"
    top = str(path[0])
    if top not in model.properties and top not in record.outputs:
        known = sorted({*model.properties, *record.outputs})
        raise BehindError(what=what, problem=f"has no property {top}", fix=f"use one of {', '.join(known)}")
    with inventory.transaction():
        try:
            amended = _amended(inventory, cloud, record, path, value)
        except LookupError as error:
            raise BehindError(what=what, problem=f"{error.args[0]} in it", fix="look at it with show") from None
        except CloudError as error:
            raise BehindError(what=what, problem=f"the cloud refuses: {error}", fix="change something else") from None
        inventory.next_serial("update", record.token, record.id)
        inventory.put(amended)
    return amended


def deleted(inventory: Inventory, cloud: CloudIds, record: Record) -> list[Record]:
    """Delete a resource with what the cloud deletes with it. Returns what is gone, itself first. Raises BehindError."""
    catalog = _catalog(record)
    service = CloudService(catalog, inventory)
    with inventory.transaction():
        below = inventory.below(record.id)
        parts = [one for part in _parts(inventory, record) for one in (part, *inventory.below(part.id))]
        try:
            for one in [*reversed(parts), *([] if catalog.nested_ids else below), record]:
                service.delete(cloud, catalog.resources[one.token], one.id)
        except CloudError as error:
            what = f"{record.token} {record.id}"
            raise BehindError(what=what, problem=f"the cloud refuses: {error}", fix="delete that first") from None
    return [record, *below, *parts]


def named(inventory: Inventory, name: str) -> list[Record]:
    """Return the resources that somebody would call by that name: its id, the end of that, or as what it is shown."""
    return [record for record in inventory.all() if name in _names(record)]


def _names(record: Record) -> set[Json]:
    rule = _catalog(record).resources[record.token].name
    keys = {"displayName", "name", *({rule.property} if rule else ())}
    shown = {record.inputs[key] for key in keys if isinstance(record.inputs.get(key), str)}
    return {record.id, record.id.rpartition("/")[2], *shown}


def _catalog(record: Record) -> Catalog:
    provider = record.token.partition(":")[0]
    return next(catalog for catalog in CATALOGS if catalog.provider == provider)


def _amended(inventory: Inventory, cloud: CloudIds, record: Record, path: Path, value: Json) -> Record:
    """Return the resource with another value. Raises LookupError, CloudError."""
    model = _catalog(record).resources[record.token]
    known = at(record.inputs, path) if path[0] in record.inputs else at(record.outputs, path)
    if isinstance(known, str) and known.startswith(_HASH) and value is not None:
        value = hashed(Secret(value))
    if path[0] not in model.properties:
        return dataclasses.replace(record, outputs=with_value(record.outputs, path, value))
    # What the program leaves open has a value too, which the service gave: the rest of that stays as it is.
    said = record.inputs if path[0] in record.inputs else {**record.inputs, **_top(record.outputs, path)}
    inputs = with_value(said, path, value)
    _refuse(model, record, inputs)
    old, new = (
        Request(inputs=each, cloud=cloud, existing=inventory, serial=record.serial, id=record.id)
        for each in (record.inputs, inputs)
    )
    model.check(new)
    return dataclasses.replace(
        record,
        inputs=inputs,
        outputs=_moved(record.outputs, all_outputs(model, old, old.inputs), all_outputs(model, new, new.inputs)),
    )


def _top(outputs: Properties, path: Path) -> Properties:
    """Return the property that a path leads into, where it leads into one at all."""
    return {str(path[0]): outputs[path[0]]} if len(path) > 1 and path[0] in outputs else {}


def _refuse(model: ResourceModel, record: Record, inputs: Properties) -> None:
    found = [why for _, why in problems(model, inputs)]
    found += [f"{one.path} is fixed when it is made" for one in changes(model, record.inputs, inputs) if one.replaces]
    if found:
        raise CloudError("InvalidRequest", "; ".join(found))


def _moved(now: Properties, before: Properties, after: Properties) -> Properties:
    """Return the outputs as they are `now`, with what differs between `before` and `after`."""
    kept = {key: value for key, value in now.items() if key in after or key not in before}
    return kept | {key: value for key, value in after.items() if before.get(key) != value}


def _parts(inventory: Inventory, record: Record) -> Iterator[Record]:
    """Yield what the cloud deletes with a resource though its id does not lie below that resource's."""
    for one in inventory.all():
        if record.token == _BUCKET:
            belongs = one.id == record.id and one.token.startswith("aws:s3/")  # its policy, its versioning and so on
        elif record.token == _APPLICATION and one.token == _PRINCIPAL:
            belongs = one.inputs.get("clientId") == record.outputs.get("clientId")
        else:
            belongs = record.token in (_APPLICATION, _GROUP) and one.id.startswith(f"{record.id.rpartition('/')[2]}/")
        if belongs and one != record:
            yield one
