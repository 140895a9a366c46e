"""Look at what the simulated clouds hold, and change it behind Pulumi's back."""

import json
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from shared.commands.arguments import Options, UsageError
from shared.commands.ready import say
from shared.commands.standard_output import put, show
from shared.environment import Environment
from shared.sandbox.behind import changed, deleted, named
from shared.sandbox.errors import InventoryError
from shared.sandbox.faults.calls import FILE
from shared.sandbox.faults.reading import read_faults
from shared.sandbox.faults.rules import acted, keys
from shared.sandbox.inventory import Inventory, Record
from shared.sandbox.model import CloudIds
from shared.sandbox.property_path import parsed
from shared.sandbox.wire import Json, is_list, is_mapping

_SECRET = "[secret]"  # noqa: S105  it stands in place of one
_MANY = 5


def sandbox(options: Options) -> int:
    """Do one thing with the clouds of a sandbox; with `json`, say it in one JSON document. Returns the exit code.

    The sandbox may be in use. Raises UsageError, EnvironmentFileError, InventoryError, BehindError, FaultsFileError.
    """
    action = _ACTIONS.get(options.action)
    if action is None:
        fix = f"use one of {', '.join(_ACTIONS)}"
        raise UsageError(flag="sandbox", problem=f"does not know {options.action!r}", fix=fix)
    environment = options.environment()
    if not environment.simulated:
        problem = f"the clouds of {environment.name} are real ones"
        raise UsageError(flag="--env", problem=problem, fix="use --env sandbox")
    with _inventory(options) as inventory:
        action(options, inventory, _cloud(environment))
    return 0


@contextmanager
def _inventory(options: Options) -> Generator[Inventory]:
    path = options.state_folder() / "inventory.sqlite"
    if not path.exists():
        raise InventoryError(path=str(path), problem="is not there; deploy to the sandbox first, or name its --state")
    inventory = Inventory(path)
    try:
        yield inventory
    finally:
        inventory.close()


def _cloud(environment: Environment) -> CloudIds:
    azure, aws = environment.azure, environment.aws
    return CloudIds(
        subscription_id=str(azure.subscription_id),
        tenant_id=str(azure.tenant_id),
        account_id=str(aws.account_id),
        region=aws.region,
    )


def _list(options: Options, inventory: Inventory, _: CloudIds) -> None:
    found = _matching(options, inventory)
    if options.json:
        _print({"resources": [_reference(record) for record in found]})
        return
    put("".join(f"{record.token} {record.id}\n" for record in found))


def _show(options: Options, inventory: Inventory, _: CloudIds) -> None:
    record = _one(options, inventory)
    shown = {"inputs": _without_hashes(record.inputs), "outputs": _without_hashes(record.outputs)}
    _print({**_reference(record), **shown}, indent=None if options.json else 2)


def _change(options: Options, inventory: Inventory, cloud: CloudIds) -> None:
    name, equals, text = options.assignment.partition("=")
    try:
        path, value = parsed(name.strip()), json.loads(text)
    except ValueError:
        problem = f"{options.assignment!r} is no PATH=JSON" if equals else "is missing"
        fix = "write for example --set 'tags.team=\"red\"'; null takes a property away"
        raise UsageError(flag="--set", problem=problem, fix=fix) from None
    record = changed(inventory, cloud, _one(options, inventory), path, value)
    _done(options, "changed", [record])


def _delete(options: Options, inventory: Inventory, cloud: CloudIds) -> None:
    _done(options, "deleted", deleted(inventory, cloud, _one(options, inventory)))


def _faults(options: Options, inventory: Inventory, _: CloudIds) -> None:
    rules = read_faults(options.state_folder() / FILE).rules
    counts = inventory.fault_counts.all()
    seen = [counts.get(key, 0) for key in keys(rules)]
    found = [
        {"rule": rule.model_dump(exclude_defaults=True), "met": met, "acted": acted(rule, met)}
        for rule, met in zip(rules, seen, strict=True)
    ]
    if options.json:
        _print({"faults": found})
        return
    table = Table("rule", "met", "acted")
    for one in found:
        table.add_row(Text(json.dumps(one["rule"])), str(one["met"]), str(one["acted"]))
    show(table)


_Action = Callable[[Options, Inventory, CloudIds], None]
_ACTIONS: Final[dict[str, _Action]] = {
    "list": _list,
    "show": _show,
    "change": _change,
    "delete": _delete,
    "faults": _faults,
}


def _matching(options: Options, inventory: Inventory) -> list[Record]:
    records = named(inventory, options.resource_name) if options.resource_name else inventory.all()
    return [
        record
        for record in records
        if fnmatchcase(record.token, options.resource_type or "*")
        and record.id.lower() == (options.resource_id or record.id).lower()
    ]


def _one(options: Options, inventory: Inventory) -> Record:
    if not options.resource_id and not options.resource_name:
        raise UsageError(flag="--id", problem="is missing", fix="give --id, or --type and --name (sandbox list)")
    found = _matching(options, inventory)
    if not found:
        raise UsageError(flag="--id", problem="no such resource is in the cloud", fix="look at them with sandbox list")
    if len(found) > 1:
        these = ", ".join(f"{record.token} {record.id}" for record in found[:_MANY])
        raise UsageError(flag="--id", problem=f"{len(found)} resources are called so ({these})", fix="add --type")
    return found[0]


def _done(options: Options, result: str, records: Iterable[Record]) -> None:
    if options.json:
        _print({"result": result, "resources": [_reference(record) for record in records]})
        return
    for record in records:
        say(f"{result}: {record.token} {record.id}")


def _reference(record: Record) -> dict[str, Any]:
    return {"type": record.token, "id": record.id}


def _print(document: dict[str, Any], indent: int | None = None) -> None:
    put(json.dumps(document, indent=indent, sort_keys=True) + "\n")


def _without_hashes(value: Json) -> Json:
    """Return a value as it may be shown: a short secret could be guessed from its hash."""
    if is_mapping(value):
        return {key: _without_hashes(one) for key, one in value.items()}
    if is_list(value):
        return [_without_hashes(one) for one in value]
    return _SECRET if isinstance(value, str) and value.startswith("sha256:") else value
