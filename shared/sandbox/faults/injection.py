"""Puts the faults into a provider's answers: around each request, without the provider's knowledge."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final, Protocol

import grpc

from shared.sandbox.faults.calls import Call, Operation, Stage, Victim
from shared.sandbox.faults.errors import FaultsFileError
from shared.sandbox.faults.source import FaultSource

if TYPE_CHECKING:
    from shared.sandbox.faults.model import Faults, InjectedError

_OPERATIONS: Final[dict[str, Operation]] = {
    "Create": "create",
    "Update": "update",
    "Delete": "delete",
    "Read": "read",
    "Check": "check",
    "Diff": "diff",
    "Invoke": "invoke",
    "Configure": "configure",
}

_CHANGES: Final[frozenset[Operation]] = frozenset({"create", "update", "delete"})

Wait = Callable[[float], object]
"""Waits for that many seconds. Tests have one that takes notes."""

_Handler = Callable[[Any, grpc.ServicerContext], Any]


class Kills(Protocol):
    """What kills processes of a run."""

    def kill(self, victim: Victim, engine_port: int) -> bool:
        """Kill who is meant, as seen from an engine. Returns whether that engine is killed.

        Raises LookupError where it cannot be found.
        """
        ...


class UnderWay:
    """Counts the requests that are being answered, whether or not anybody still waits for the answer."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        """Begin one."""
        with self._changed:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        """End one."""
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def none_within(self, seconds: float) -> bool:
        """Wait until there is none, for that long at most. Returns whether there is none."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


class FaultInjection(grpc.ServerInterceptor):
    """The faults of one provider.

    under_way: counts every request. changes: entered for as long as a change is not made yet. wait: how latency passes.
    """

    def __init__(
        self,
        provider: str,
        source: FaultSource,
        kills: Kills,
        under_way: UnderWay,
        wait: Wait = time.sleep,
        *,
        changes: AbstractContextManager[object] | None = None,
    ) -> None:
        self._provider = provider
        self._source = source
        self._kills = kills
        self._under_way = under_way
        self._wait = wait
        self._changes = nullcontext() if changes is None else changes

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], "grpc.RpcMethodHandler[Any, Any] | None"],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Return the provider's own handler with the faults around it."""
        handler: Any = continuation(handler_call_details)
        method: Any = handler_call_details.method
        operation = _OPERATIONS.get(str(method).rpartition("/")[2])
        if operation is None or handler is None:
            return handler
        return grpc.unary_unary_rpc_method_handler(
            self._around(operation, handler.unary_unary),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _around(self, operation: Operation, inner: _Handler) -> _Handler:
        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            with self._under_way:
                call = call_of(operation, request, self._provider)
                return inner(request, context) if call is None else self._answer(call, inner, request, context)

        return answer

    def _answer(self, call: Call, inner: _Handler, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            faults = self._source.now()
        except FaultsFileError as error:
            context.abort(grpc.StatusCode.INTERNAL, str(error))
        if faults is None:
            return inner(request, context)
        return self._with(faults, call, lambda: inner(request, context), context)

    def _with(self, faults: "Faults", call: Call, inner: Callable[[], Any], context: grpc.ServicerContext) -> Any:
        from shared.sandbox.faults.latencies import seconds_of

        seconds = seconds_of(faults.latency, call)

        def inject(stage: Stage) -> None:
            rule = self._source.rule_for(faults, call, stage)
            if rule is None:
                return
            if rule.error is not None:
                self._fail(call, rule.error, context)
            elif rule.kill is not None:
                self._kill(rule.kill, context)
            elif rule.hang is True:
                _hang(context)
            elif rule.hang is not None:
                self._wait(rule.hang)

        # A cloud goes on with what it was asked for, whether or not its client still listens.
        with self._changes if call.operation in _CHANGES else nullcontext():
            self._pass(seconds * faults.latency.before)
            inject("before")
            response = inner()
        inject("after")
        self._pass(seconds * (1 - faults.latency.before))
        return response

    def _pass(self, seconds: float) -> None:
        if seconds > 0:
            self._wait(seconds)

    def _fail(self, call: Call, error: "InjectedError", context: grpc.ServicerContext) -> None:
        from shared.sandbox.faults.wording import worded

        context.abort(grpc.StatusCode.UNKNOWN, worded(self._provider, call, error))

    def _kill(self, victim: Victim, context: grpc.ServicerContext) -> None:
        try:
            engine_is_dead = self._kills.kill(victim, int(context.peer().rpartition(":")[2]))
        except LookupError as error:
            context.abort(grpc.StatusCode.INTERNAL, str(error))
        if engine_is_dead:
            context.abort(grpc.StatusCode.CANCELLED, "the engine was killed")


def call_of(operation: Operation, request: Any, provider: str) -> Call | None:
    """Return what a request asks for, or None for one that no cloud hears of: a creation or update in a preview."""
    if operation in ("create", "update") and request.preview:
        return None
    if operation == "invoke":
        return Call(operation=operation, type=request.tok)
    if operation == "configure":
        return Call(operation=operation, type=f"pulumi:providers:{provider}")
    _, stack, types, name = request.urn.split("::", 3)
    return Call(operation=operation, type=types.rpartition("$")[2], name=name, stack=stack)


def _hang(context: grpc.ServicerContext) -> None:
    gone = threading.Event()
    if context.add_callback(gone.set):
        gone.wait()
    context.abort(grpc.StatusCode.CANCELLED, "the engine is gone")
