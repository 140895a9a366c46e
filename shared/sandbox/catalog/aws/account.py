"""What all resources of AWS have in common: regions, ARNs, tags, physical names, references to other resources."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator, Mapping

from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import NameRule, Request, ResourceModel
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

_ACCOUNT = 4  # position of the account in arn:partition:service:region:account:resource
_ARN_PARTS = 6
_FIRST_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reference:
    """An input that names another resource, which must exist.

    property: dotted path of the input; lists on the way are searched through.
    targets: type token -> the outputs of that type, or "id", that the input may hold.
    code, message: what the service answers; "{}" in the message is the value.
    """

    property: str
    targets: Mapping[str, tuple[str, ...]]
    code: str
    message: str

    def check(self, request: Request) -> None:
        """Raise CloudError where a value names nothing. What another account owns is not ours to judge."""
        for value in values_at(request.inputs, self.property):
            if not is_foreign(request, value) and not self._exists(request, value):
                raise CloudError(self.code, self.message.format(value))

    def _exists(self, request: Request, value: str) -> bool:
        return any(
            value == (record.id if key == "id" else record.outputs.get(key))
            for token, keys in self.targets.items()
            for record in request.existing.of_type(token)
            for key in keys
        )


def aws(
    token: str,
    *,
    properties: str,
    make_id: Callable[[Request], str],
    required: str = "",
    regional: bool = True,
    tagged: bool = False,
    arn: Callable[[Request], str] | None = None,
    name: NameRule | None = None,
    unique: Callable[[Request], str | None] | None = None,
    taken_code: str = "ResourceAlreadyExists",
    references: tuple[Reference, ...] = (),
    check: Callable[[Request], None] | None = None,
    check_delete: Callable[[Request], None] | None = None,
    defaults: Mapping[str, Json] | None = None,
    outputs: Callable[[Request], Properties] | None = None,
    replace_on: str = "",
) -> ResourceModel:
    """Return the model of an AWS resource type.

    token: without the provider, e.g. "s3/bucket:Bucket".
    properties, required, replace_on: names of inputs, separated by spaces. Region (of a regional type, where a change
        makes it anew) and tags (of a tagged type) are added.
    arn: the ARN, where the type has that output.
    taken_code: the service's error code where the id or the unique name is taken.
    references: inputs that name resources that must exist; checked before `check`.
    check_delete: raises CloudError where something still holds the resource.
    defaults: what the provider or the service says of inputs that are left out.
    """

    def checked(request: Request) -> None:
        for reference in references:
            reference.check(request)
        if check:
            check(request)

    def all_outputs(request: Request) -> Properties:
        omitted = {key: value for key, value in (defaults or {}).items() if request.inputs.get(key) is None}
        found: Properties = {"region": region(request)} if regional else {}
        if tagged:
            found["tagsAll"] = request.inputs.get("tags") or {}
        if arn:
            found["arn"] = arn(request)
        return {**omitted, **found, **(outputs(request) if outputs else {})}

    common = ("region" if regional else "") + (" tags" if tagged else "")
    return ResourceModel(
        token=f"aws:{token}",
        properties=frozenset(f"{properties} {required} {common}".split()),
        required=frozenset(required.split()),
        name=name,
        unique_name=unique or (lambda _: None),
        exists_code=taken_code,
        taken_code=taken_code,
        make_id=make_id,
        check=checked,
        check_delete=check_delete or (lambda _: None),
        outputs=all_outputs,
        replace_on=frozenset(f"{replace_on} {'region' if regional else ''}".split()),
    )


def unless_held(code: str, message: str, *holders: Callable[[Request], Iterator[Record]]) -> Callable[[Request], None]:
    """Return a check that refuses to delete a resource while others hold it. "{}" in the message is its id."""

    def check(request: Request) -> None:
        if any(True for holding in holders for _ in holding(request)):
            raise CloudError(code, message.format(request.id))

    return check


def held_by(token: str, property_path: str) -> Callable[[Request], Iterator[Record]]:
    """Return the search for resources of a type that hold the id of another in an input."""

    def holding(request: Request) -> Iterator[Record]:
        for record in request.existing.of_type(token):
            if request.id in values_at(record.inputs, property_path):
                yield record

    return holding


def region(request: Request) -> str:
    """Return the region of the resource: its own, or that of the provider."""
    return request.text("region", request.cloud.region)


def partition(region_name: str) -> str:
    """Return the partition that a region belongs to."""
    if region_name.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region_name.startswith("us-gov-") else "aws"


def regional_arn(request: Request, service: str, resource: str) -> str:
    """Return the ARN of a resource of our account in its region."""
    where = region(request)
    return f"arn:{partition(where)}:{service}:{where}:{request.cloud.account_id}:{resource}"


def global_arn(request: Request, service: str, resource: str) -> str:
    """Return the ARN of a resource of our account that belongs to no region."""
    return f"arn:{partition(request.cloud.region)}:{service}::{request.cloud.account_id}:{resource}"


def is_foreign(request: Request, value: str) -> bool:
    """Tell whether `value` is an ARN of another account, or of AWS itself."""
    parts = value.split(":", _ARN_PARTS - 1)
    return len(parts) == _ARN_PARTS and parts[0] == "arn" and parts[_ACCOUNT] not in ("", request.cloud.account_id)


def given_name(request: Request, key: str = "name") -> str:
    """Return the name that the resource was given: known before it is made, as the rest of its id is not."""
    return request.text(key)


def physical_name(request: Request, key: str = "name", prefix: str = "namePrefix") -> str:
    """Return the name that the resource was given, or the one that the provider makes for it."""
    return request.text(key) or request.text(prefix, "terraform-") + request.hex("name", 26)


def network_id(prefix: str) -> Callable[[Request], str]:
    """Return the maker of ids such as vpc-0123456789abcdef0 (17 hex digits)."""
    return lambda request: f"{prefix}-0{request.hex(prefix, 16)}"


def made_at(request: Request) -> str:
    """Return when the resource was made. The simulated clock counts one second for each operation on the cloud."""
    return (_FIRST_DAY + datetime.timedelta(seconds=request.serial)).strftime("%Y-%m-%dT%H:%M:%SZ")


def values_at(value: Json, path: str) -> Iterator[str]:
    """Yield the strings at a dotted path; lists on the way and at the end are searched through."""
    if is_list(value):
        for item in value:
            yield from values_at(item, path)
    elif is_mapping(value) and path:
        key, _, rest = path.partition(".")
        yield from values_at(value.get(key), rest)
    elif isinstance(value, str) and value and not path:
        yield value
