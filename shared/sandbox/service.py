"""What a simulated cloud does with its resources: it creates, updates and deletes them, or refuses to."""

from shared.sandbox.deletion import soft_deletions
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Inventory, Record
from shared.sandbox.model import Catalog, CloudIds, Request, ResourceModel
from shared.sandbox.outputs import all_outputs
from shared.sandbox.wire import Properties, hashed


class CloudService:
    """The resources of one catalog in an inventory. Each change is one transaction: made, or nothing is left of it."""

    def __init__(self, catalog: Catalog, inventory: Inventory) -> None:
        self._catalog = catalog
        self._inventory = inventory

    def request(self, cloud: CloudIds, inputs: Properties, serial: int, resource_id: str = "") -> Request:
        """Return what a model is asked. inputs: with secrets, or with their hashes."""
        return Request(inputs=hashed(inputs), cloud=cloud, existing=self._inventory, serial=serial, id=resource_id)

    def create(self, cloud: CloudIds, model: ResourceModel, inputs: Properties) -> tuple[Record, Properties]:
        """Create a resource. Returns it, and its outputs with their secrets. Raises CloudError."""
        with self._inventory.transaction():
            serial = self._inventory.next_serial("create", model.token, "")
            asked = self.request(cloud, inputs, serial)
            asked = self.request(cloud, inputs, serial, model.make_id(asked))
            self._inventory.name_operation(serial, asked.id)
            if self._inventory.find(asked.id, model.token):
                raise CloudError(model.exists_code, f"{asked.id} exists already; import it or delete it")
            model.check(asked)
            self._refuse_held(model, asked)
            return self._stored(model, asked, inputs)

    def update(self, cloud: CloudIds, model: ResourceModel, resource_id: str, inputs: Properties) -> Properties:
        """Update a resource. Returns its outputs with their secrets. Raises CloudError."""
        with self._inventory.transaction():
            self._inventory.next_serial("update", model.token, resource_id)
            record = self._inventory.find(resource_id, model.token)
            if record is None:
                raise CloudError("ResourceNotFound", f"{resource_id} was not found")
            asked = self.request(cloud, inputs, record.serial, record.id)
            model.check(asked)
            return self._stored(model, asked, inputs)[1]

    def delete(self, cloud: CloudIds, model: ResourceModel, resource_id: str) -> None:
        """Delete a resource and what lies below it. One that is gone already is deleted. Raises CloudError."""
        inventory = self._inventory
        with inventory.transaction():
            inventory.next_serial("delete", model.token, resource_id)
            record = inventory.find(resource_id, model.token)
            if record:
                model.check_delete(self.request(cloud, record.inputs, record.serial, record.id))
            gone = [record] if record else []
            gone += inventory.below(resource_id) if self._catalog.nested_ids else []
            kept = list(soft_deletions(gone, self._catalog.soft_delete, inventory, inventory.soft_deleted.clock()))
            for one in gone:
                inventory.remove(one.id, one.token)
            for one in kept:
                inventory.soft_deleted.remove(one.id)  # what was deleted in it before shares its fate from now on
                inventory.soft_deleted.add(one)

    def _refuse_held(self, model: ResourceModel, asked: Request) -> None:
        """Raise CloudError where a deleted resource still holds the name."""
        held = self._inventory.soft_deleted.find(model.unique_name(asked) or asked.id)
        rule = self._catalog.soft_delete.get(held.token) if held else None
        if rule:
            raise CloudError(rule.code, rule.message.format(name=asked.id.rpartition("/")[2]))

    def _stored(self, model: ResourceModel, asked: Request, inputs: Properties) -> tuple[Record, Properties]:
        unique = model.unique_name(asked)
        holder = self._inventory.holder_of(unique) if unique else None
        if holder and (holder.token, holder.id.lower()) != (model.token, asked.id.lower()):
            raise CloudError(model.taken_code, f"{unique} is taken by {holder.id}")
        outputs = all_outputs(model, asked, inputs)
        record = Record(
            id=asked.id,
            token=model.token,
            serial=asked.serial,
            unique_name=unique,
            inputs=asked.inputs,
            outputs=hashed(outputs),
        )
        self._inventory.put(record)
        return record, outputs


def problems(model: ResourceModel, inputs: Properties) -> list[tuple[str, str]]:
    """Return what is wrong with the inputs before any cloud is asked: each property, and why it is refused."""
    unknown = [(key, f"{model.token} does not take {key}") for key in sorted(set(inputs) - model.properties)]
    missing = [(key, f"{model.token} needs {key}") for key in sorted(model.required - set(inputs))]
    problem = model.name.problem(inputs) if model.name else None
    return unknown + missing + ([(model.name.property, problem)] if model.name and problem else [])
