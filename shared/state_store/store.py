"""Read and write small objects, the same way on files, S3 and Azure Blob Storage."""

import dataclasses
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shared.state_store.errors import StateStoreError

if TYPE_CHECKING:
    from obstore.store import AzureStore, LocalStore, S3Store

_LOCK: Final = ".lock"  # no name of an object: it is never listed, nor in the way of one
_LOCK_SECONDS: Final = 30
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=@-]*(/[A-Za-z0-9_][A-Za-z0-9_.=@-]*)*", re.ASCII)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Versioned:
    """An object as it was read. version: what `StateStore.replace` compares; it is another one after every write."""

    content: bytes
    version: str


class StateStore:
    """The objects of one backend. Thread-safe. Each method raises StateStoreError, and ValueError for a bad name.

    Names are parts of letters, digits and `_.=@-`, separated by slashes. folder: that of a file backend, else None.
    closed: whether its files are for nobody else.
    """

    def __init__(
        self,
        backend: str,
        objects: "AzureStore | LocalStore | S3Store",
        folder: Path | None = None,
        *,
        closed: bool = True,
    ) -> None:
        self._backend = backend
        self._objects = objects
        self._folder = folder
        self._closed = closed

    def get(self, name: str) -> bytes | None:
        """Return the content of an object, None where there is none."""
        found = self.get_versioned(name)
        return found.content if found else None

    def get_versioned(self, name: str) -> Versioned | None:
        """Return an object with its version, None where there is none."""
        with self._answering():
            try:
                found = self._objects.get(_checked(name))
                return Versioned(version=found.meta["e_tag"] or "", content=bytes(found.bytes()))
            except FileNotFoundError as error:
                if _nothing_can_be_there(error):
                    raise
                return None

    def put(self, name: str, content: bytes) -> None:
        """Write an object, whole or not at all, in place of what was there."""
        with self._answering():
            self._objects.put(_checked(name), content, mode="overwrite")
            self._close_to_others(name)

    def create(self, name: str, content: bytes) -> bool:
        """Write an object if there is none, and return whether it was written. Of several at once, one succeeds."""
        from obstore.exceptions import AlreadyExistsError

        with self._answering():
            try:
                self._objects.put(_checked(name), content, mode="create")
            except AlreadyExistsError:
                return False
            self._close_to_others(name)
            return True

    def replace(self, name: str, content: bytes, version: str) -> bool:
        """Write an object in place of its version `version`, and return whether it was written.

        It is not where the object is another one now, or gone. Of several at once, one succeeds. A request that got no
        answer is sent again, so False may also mean that this very content was written: read it where that matters.
        On files that holds among users of `replace`, which the operating system makes take turns.
        """
        with self._answering():
            if self._folder is None:
                return self._swap(name, content, version)
            return self._replace_file(self._folder, name, content, version)

    def _swap(self, name: str, content: bytes, version: str) -> bool:
        from obstore.exceptions import PreconditionError

        try:
            self._objects.put(_checked(name), content, mode={"e_tag": version})
        except PreconditionError:
            return False
        except FileNotFoundError as error:
            if _nothing_can_be_there(error):
                raise
            return False
        return True

    def _replace_file(self, folder: Path, name: str, content: bytes, version: str) -> bool:
        """Compare and write under a lock: obstore has no conditional update of files."""
        from filelock import FileLock

        with FileLock(folder / _LOCK, timeout=_LOCK_SECONDS, mode=0o600):
            found = self.get_versioned(name)
            if found is None or found.version != version:
                return False
            self.put(name, content)
            return True

    def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        with self._answering():
            try:
                self._objects.delete(_checked(name))
            except FileNotFoundError as error:
                if _nothing_can_be_there(error):
                    raise

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the names of all objects in a folder and the folders in it, sorted."""
        with self._answering():
            pages = list(self._objects.list(f"{_checked(folder)}/"))
        return tuple(sorted(found["path"] for page in pages for found in page))

    def _close_to_others(self, name: str) -> None:
        """Take file permissions from others. Until then the top folder, which is made closed, keeps them out."""
        if self._folder is None or not self._closed:
            return
        file = self._folder / name
        file.chmod(0o600)
        for folder in file.relative_to(self._folder).parents:
            (self._folder / folder).chmod(0o700)

    @contextmanager
    def _answering(self) -> Generator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as error:
            raise StateStoreError(backend=self._backend, problem=problem_of(error)) from None


def problem_of(error: Exception) -> str:
    """Return the first line of an error, without the document of an answer.

    And without the request, nor how often it was sent. Parameters of URLs are left out: a signature may be among them.
    """
    line = next(iter(str(error).splitlines()), "") or type(error).__name__
    line = re.sub(r"Error performing .*? - ", "", line)
    return re.sub(r"(https?://[^\s?]*)\?\S*", r"\1", line.partition(": <")[0]).strip(" :")


def _nothing_can_be_there(error: FileNotFoundError) -> bool:
    """Return whether it is the bucket or container that is missing. The codes are those of S3 and Azure Storage."""
    return any(code in str(error) for code in ("NoSuchBucket", "ContainerNotFound"))


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an object")
    return name
