"""Why something of the platform cannot be used, in one sentence. No answer of a service and no token is in it."""

from collections.abc import Generator
from contextlib import contextmanager

from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404


class ClientError(Exception):
    """The platform cannot be used. what: what was asked for; where: its address; problem: why; fix: what helps."""

    def __init__(self, *, what: str, where: str, problem: str, fix: str) -> None:
        self.what = what
        self.where = where
        self.problem = problem
        self.fix = fix
        super().__init__(f"cannot read {what} at {where}: {problem}; {fix}")


class NoIdentityError(ClientError):
    """There is no identity here, or the service does not take its token."""


class ForbiddenError(ClientError):
    """The identity may not do that, or not from this network."""


class NotFoundError(ClientError):
    """There is no such thing."""


class UnreachableError(ClientError):
    """The service does not answer."""


class RefusedError(ClientError):
    """The service answers with something else than what was asked for. status: of HTTP, 0 where there is none."""

    def __init__(self, *, what: str, where: str, problem: str, fix: str, status: int = 0) -> None:
        self.status = status
        super().__init__(what=what, where=where, problem=problem, fix=fix)


@contextmanager
def explained(*, what: str, where: str, role: str) -> Generator[None]:
    """Raise what Azure's libraries raise as a ClientError. role: the Azure role with which this would be allowed."""
    try:
        yield
    except ClientAuthenticationError as error:
        # Storage says so of a missing role too, with status 403.
        if error.status_code == _FORBIDDEN:
            raise _forbidden(what, where, role) from None
        raise _no_identity(what, where, error.status_code) from None
    except HttpResponseError as error:
        raise _answered(what, where, role, error.status_code) from None
    except (ServiceRequestError, ServiceResponseError):
        raise UnreachableError(
            what=what,
            where=where,
            problem="there is no connection",
            fix="run this where the platform's network and its private names are known, or try again",
        ) from None


def not_understood(*, what: str, where: str) -> RefusedError:
    """Return the error of an answer that is not what the service documents."""
    return RefusedError(
        what=what, where=where, problem="the answer is not what the service documents", fix="look at who answers there"
    )


def _no_identity(what: str, where: str, status: int | None) -> ClientError:
    return NoIdentityError(
        what=what,
        where=where,
        problem="the identity's token is not taken" if status == _UNAUTHORIZED else "there is no identity to ask as",
        fix="run this as a managed or workload identity, or log in with `az login` to the environment's tenant",
    )


def _forbidden(what: str, where: str, role: str) -> ClientError:
    return ForbiddenError(
        what=what,
        where=where,
        problem="this identity may not, or not from this network",
        fix=f"give it the role {role}, or run this in the platform's network",
    )


def _answered(what: str, where: str, role: str, status: int | None) -> ClientError:
    if status == _UNAUTHORIZED:
        return _no_identity(what, where, status)
    if status == _FORBIDDEN:
        return _forbidden(what, where, role)
    if status == _NOT_FOUND:
        return NotFoundError(
            what=what, where=where, problem="there is no such thing", fix="write the outputs of the environment again"
        )
    return RefusedError(
        what=what,
        where=where,
        problem=f"the service answers with status {status}",
        fix="look into its logs in Log Analytics",
        status=status or 0,
    )
