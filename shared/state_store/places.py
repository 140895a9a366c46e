"""Where a state backend is, read from its URL. Pure.

The URLs are Pulumi's ("State and backends", Pulumi), whose parameters are those of the Go CDK (gocloud.dev, packages
blob/s3blob, blob/azureblob and aws). A parameter that is not known is refused: it may say that the state is elsewhere.
"""

import dataclasses
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from shared.state_store.errors import StateStoreError

FOLDER: Final = ".ml-platform"
"""Folder of our objects, beside Pulumi's."""

ENGINE_FOLDER: Final = ".pulumi"
"""Folder of the engine's objects. What is written there: new stacks, creations whose end nobody knows; what is deleted:
locks of dead engines."""

# They choose how the engine talks to the backend, and nothing that matters here.
_MEANINGLESS: Final = frozenset(
    {
        "awssdk",
        "hostname_immutable",
        "metadata",
        "no_tmp_dir",
        "rate_limiter_capacity",
        "s3ForcePathStyle",
        "use_path_style",
    }
)
_S3: Final = frozenset({"region", "endpoint", "profile", "disableSSL", "disable_https", "ssetype", "kmskeyid"})
_AZURE: Final = frozenset({"storage_account", "domain", "protocol", "localemu"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class FilePlace:
    """A folder of this machine: that of the objects."""

    folder: Path


@dataclasses.dataclass(frozen=True, kw_only=True)
class S3Place:
    """A bucket. prefix: of the objects' names. region, endpoint, profile: None for those of the login.

    encryption and encryption_key: of objects at rest, None for the bucket's own.
    """

    bucket: str
    prefix: str
    region: str | None
    endpoint: str | None
    profile: str | None
    encryption: str | None = None
    encryption_key: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class AzurePlace:
    """A container of a storage account. prefix: of the objects' names; endpoint: None for that of public Azure."""

    account: str
    container: str
    prefix: str
    endpoint: str | None


Place = FilePlace | S3Place | AzurePlace


def place_of(backend: str, variables: Mapping[str, str], folder: str = FOLDER) -> Place:
    """Return where the objects of a folder are. variables: the process environment. Raises StateStoreError."""
    parts = urlsplit(backend)
    if parts.scheme == "file":
        _parameters(backend, parts, frozenset())
        return FilePlace(folder=_folder(backend) / folder)
    if parts.scheme == "s3" and parts.netloc:
        return _s3(backend, parts, variables, folder)
    if parts.scheme == "azblob" and parts.netloc:
        return _azure(backend, parts, variables, folder)
    raise StateStoreError(
        backend=backend, problem="it is no file://, s3:// or azblob:// URL; name one in state.backend"
    )


def _folder(backend: str) -> Path:
    """Return the folder of a file backend. The engine takes relative paths and ~ too."""
    path = unquote(backend.removeprefix("file://").partition("?")[0])
    return Path(path).expanduser().absolute()


def _s3(backend: str, parts: SplitResult, variables: Mapping[str, str], folder: str) -> S3Place:
    said = _parameters(backend, parts, _S3)
    plain = said.get("disableSSL", said.get("disable_https")) == "true"
    endpoint = said.get("endpoint") or variables.get("AWS_ENDPOINT_URL_S3") or variables.get("AWS_ENDPOINT_URL")
    if endpoint and "://" not in endpoint:
        endpoint = f"{'http' if plain else 'https'}://{endpoint}"
    return S3Place(
        bucket=parts.netloc,
        prefix=_prefix(parts, folder),
        region=said.get("region"),
        endpoint=endpoint,
        profile=said.get("profile"),
        encryption=said.get("ssetype"),
        encryption_key=said.get("kmskeyid"),
    )


def _azure(backend: str, parts: SplitResult, variables: Mapping[str, str], folder: str) -> AzurePlace:
    said = _parameters(backend, parts, _AZURE)
    account = said.get("storage_account") or variables.get("AZURE_STORAGE_ACCOUNT", "")
    if not account:
        problem = "it names no storage account; add ?storage_account=NAME to state.backend"
        raise StateStoreError(backend=backend, problem=problem)
    domain = said.get("domain") or variables.get("AZURE_STORAGE_DOMAIN")
    protocol = said.get("protocol") or variables.get("AZURE_STORAGE_PROTOCOL") or "https"
    endpoint = None
    if domain:
        local = said.get("localemu") == "true" or domain.startswith(("localhost", "127.0.0.1"))
        endpoint = f"{protocol}://{domain}/{account}" if local else f"{protocol}://{account}.{domain}"
    return AzurePlace(account=account, container=parts.netloc, prefix=_prefix(parts, folder), endpoint=endpoint)


def _prefix(parts: SplitResult, folder: str) -> str:
    above = parts.path.strip("/")
    return f"{above}/{folder}" if above else folder


def _parameters(backend: str, parts: SplitResult, known: Set[str]) -> dict[str, str]:
    said = dict(parse_qsl(parts.query))
    strange = sorted(said.keys() - known - _MEANINGLESS)
    if strange:
        problem = f"the parameter {strange[0]} of its URL is not known here; take it out of state.backend"
        raise StateStoreError(backend=backend, problem=problem)
    return said
