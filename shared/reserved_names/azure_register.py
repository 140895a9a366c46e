"""The names that deleted resources hold in a subscription of Azure.

Vaults and stores: "Vaults - List Deleted", "Vaults - Purge Deleted" and their like in App Configuration, which work on
the subscription. A workspace that was deleted is in no list that has a documented address; the activity log, which is
kept for 90 days, says that it was deleted ("Activity Logs - List").
"""

import datetime
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args

from shared.environment import Environment
from shared.naming import Names
from shared.reserved_names.azure_api import ApiError, ArmApi
from shared.reserved_names.errors import PurgeError, RegisterError
from shared.reserved_names.names import KeptName
from shared.reserved_names.register import Found
from shared.reserved_names.reservation import Reservation, Service

_SERVICES: Final[tuple[Service, ...]] = get_args(Service)
_POLL_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 600.0
_WORKSPACE_DAYS: Final = 14
_LOG_VERSION: Final = "2015-04-01"
_ABSENT: Final = frozenset({"ResourceNotFound", "ResourceGroupNotFound"})
_DELETE: Final = "Microsoft.MachineLearningServices/workspaces/delete"


class _Kind(NamedTuple):
    provider: str
    collection: str
    version: str


_KINDS: Final[Mapping[Service, _Kind]] = {
    "key vault": _Kind("Microsoft.KeyVault", "deletedVaults", "2024-11-01"),
    "App Configuration store": _Kind("Microsoft.AppConfiguration", "deletedConfigurationStores", "2024-05-01"),
}


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class AzureRegister:
    """A Register over Azure Resource Manager, in the subscription of `environment`."""

    def __init__(
        self,
        environment: Environment,
        api: ArmApi,
        *,
        clock: Callable[[], datetime.datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._environment = environment
        self._api = api
        self._clock = clock
        self._sleep = sleep
        self._subscription = f"/subscriptions/{environment.azure.subscription_id}"

    def find(self, names: Sequence[KeptName], *, just_deleted: bool = False) -> Found:
        """Return which of `names` are reserved. One question for each service that is among them."""
        found: list[Reservation] = []
        unanswered: list[RegisterError] = []
        for service in _SERVICES:
            wanted = [one.name for one in names if one.service == service]
            if not wanted:
                continue
            try:
                found += self._reservations(service, wanted, just_deleted=just_deleted)
            except ApiError as error:
                what = f"the {service} {' and '.join(wanted)}"
                unanswered.append(RegisterError(what=what, reason=str(error)))
        return Found(reservations=tuple(found), unanswered=tuple(unanswered))

    def secrets(self, vault: str) -> frozenset[str]:
        """Return the names of the secrets in a vault ("Secrets - List" of Key Vault's resource provider).

        Their values are not in the answer. Raises RegisterError.
        """
        kind = _KINDS["key vault"]
        group = f"{self._subscription}/resourceGroups/{Names(self._environment).of('resource_group')}"
        path = f"{group}/providers/{kind.provider}/vaults/{vault}/secrets"
        try:
            return frozenset(str(item.get("name", "")) for item in self._api.listed(path, kind.version))
        except ApiError as error:
            if error.code in _ABSENT:
                return frozenset()
            raise RegisterError(what=f"a secret in the key vault {vault}", reason=str(error)) from error

    def purge(self, reservation: Reservation) -> None:
        """Purge, and wait until it is done. Raises PurgeError."""
        kind = _KINDS.get(reservation.service)
        if kind is None:
            reason = "Azure documents no way to do that once its resource group is gone"
            raise PurgeError(service=reservation.service, name=reservation.name, reason=reason)
        place = f"{self._subscription}/providers/{kind.provider}/locations/{reservation.location}"
        path = f"{place}/{kind.collection}/{reservation.name}"
        try:
            self._api.post(f"{path}/purge", kind.version)
            self._wait(path, kind.version)
        except ApiError as error:
            raise PurgeError(service=reservation.service, name=reservation.name, reason=str(error)) from error

    def _wait(self, path: str, version: str) -> None:
        waited = 0.0
        while self._api.exists(path, version):
            if waited >= _PATIENCE_SECONDS:
                raise ApiError(code="Timeout", message=f"it is still there after {waited:.0f} seconds")
            self._sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS

    def _reservations(self, service: Service, names: Sequence[str], *, just_deleted: bool) -> Iterator[Reservation]:
        kind = _KINDS.get(service)
        if kind:
            yield from self._listed(service, kind, names)
            return
        for name in names:
            # The log is minutes late.
            deleted = self._clock() if just_deleted else max(self._deletions(name), default=None)
            if deleted is not None:
                yield self._uncertain(service, name, deleted)

    def _listed(self, service: Service, kind: _Kind, names: Sequence[str]) -> Iterator[Reservation]:
        wanted = {name.lower() for name in names}
        for item in self._api.listed(f"{self._subscription}/providers/{kind.provider}/{kind.collection}", kind.version):
            name = str(item.get("name", ""))
            if name.lower() in wanted:
                yield _of_item(service, name, item.get("properties") or {})

    def _uncertain(self, service: Service, name: str, deleted: datetime.datetime) -> Reservation:
        return Reservation(
            service=service,
            name=name,
            location=self._environment.azure.location,
            until=deleted + datetime.timedelta(days=_WORKSPACE_DAYS),
            protected=False,
            certain=False,
        )

    def _deletions(self, name: str) -> Iterator[datetime.datetime]:
        """Yield when a workspace with that name was deleted, within the days that its name is kept."""
        today = self._clock().astimezone(datetime.UTC)
        since = today - datetime.timedelta(days=_WORKSPACE_DAYS)
        group = f"{self._subscription}/resourceGroups/{Names(self._environment).of('resource_group')}"
        resource = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{name}"
        query = (
            f"eventTimestamp ge '{_text(since)}' and eventTimestamp le '{_text(today)}' and resourceUri eq '{resource}'"
        )
        path = f"{self._subscription}/providers/Microsoft.Insights/eventtypes/management/values"
        for event in self._api.listed(path, _LOG_VERSION, **{"$filter": query}):
            if _value(event, "operationName") == _DELETE.lower() and _value(event, "status") == "succeeded":
                yield _time(event.get("eventTimestamp"))


def _of_item(service: Service, name: str, properties: Mapping[str, Any]) -> Reservation:
    return Reservation(
        service=service,
        name=name,
        location=str(properties.get("location", "")).replace(" ", "").lower(),
        until=_time(properties.get("scheduledPurgeDate")),
        protected=properties.get("purgeProtectionEnabled") is True,
    )


def _value(event: Mapping[str, Any], key: str) -> str:
    """Return a value of the log, which has it beside its translation."""
    part = event.get(key)
    return str(part.get("value", "") if isinstance(part, dict) else "").lower()


def _time(text: Any) -> datetime.datetime:
    """Return a time as Azure writes it. Raises ApiError for another text."""
    try:
        found = datetime.datetime.fromisoformat(str(text))
    except ValueError:
        raise ApiError(code="UnexpectedAnswer", message=f"{text!r} is no time") from None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _text(when: datetime.datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
