"""One simulated provider: the engine's ResourceProvider protocol over a catalog and the inventory."""

import sqlite3
import threading
from collections.abc import Callable
from typing import TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from shared.sandbox.diff import Change, changes
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Inventory
from shared.sandbox.model import Catalog, CloudIds, Request, ResourceModel
from shared.sandbox.outputs import all_outputs, with_secrets
from shared.sandbox.preview import known_outputs
from shared.sandbox.service import CloudService, problems
from shared.sandbox.wire import Properties, decode, encode, hashed

_Context = grpc.ServicerContext
_Answer = TypeVar("_Answer")

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
}


class SimulatedProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one catalog. Configuration is kept per connection: requests do not name their provider instance."""

    def __init__(self, catalog: Catalog, cloud: CloudIds, inventory: Inventory) -> None:
        self._catalog = catalog
        self._cloud = cloud
        self._inventory = inventory
        self._service = CloudService(catalog, inventory)
        self._configured: dict[str, CloudIds] = {}
        self._lock = threading.Lock()

    def Attach(self, request: plugin_pb2.PluginAttach, context: _Context) -> empty_pb2.Empty:
        """Accept the engine."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: _Context) -> plugin_pb2.PluginInfo:
        """Return the version of the provider that is simulated."""
        return plugin_pb2.PluginInfo(version=self._catalog.version)

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: _Context) -> provider_pb2.CheckResponse:
        """Accept the configuration as it is; Configure checks it."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: _Context) -> provider_pb2.DiffResponse:
        """Say whether the configuration changed, and whether the provider's resources must be made anew with it."""
        old, new = decode(request.old_inputs), decode(request.news)
        changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        replaces = [key for key in changed if key in self._catalog.replaced_by]
        return provider_pb2.DiffResponse(changes=some if changed else none, diffs=changed, replaces=replaces)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: _Context) -> provider_pb2.ConfigureResponse:
        """Check that the configuration belongs to the simulated cloud, and remember it for this connection."""

        def configure() -> provider_pb2.ConfigureResponse:
            configuration = decode(request.args)
            self._catalog.configure(configuration, self._cloud)
            with self._lock:
                self._configured[context.peer()] = self._catalog.place(configuration, self._cloud)
            return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=False)

        return _answered(context, configure)

    def Check(self, request: provider_pb2.CheckRequest, context: _Context) -> provider_pb2.CheckResponse:
        """Refuse inputs that the type does not take, lacks, or whose name breaks its rule."""

        def check() -> provider_pb2.CheckResponse:
            model = self._model(_type(request.urn), context)
            inputs = hashed(decode(request.news))
            failures = [provider_pb2.CheckFailure(property=key, reason=why) for key, why in problems(model, inputs)]
            return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

        return _answered(context, check)

    def Diff(self, request: provider_pb2.DiffRequest, context: _Context) -> provider_pb2.DiffResponse:
        """Say which inputs changed, and whether the resource must be made anew."""

        def diff() -> provider_pb2.DiffResponse:
            model = self._model(_type(request.urn), context)
            found = changes(model, hashed(decode(request.old_inputs)), hashed(decode(request.news)))
            return _diff_response(model, found)

        return _answered(context, diff)

    def Create(self, request: provider_pb2.CreateRequest, context: _Context) -> provider_pb2.CreateResponse:
        """Create a resource, or say what is known of it before."""

        def create() -> provider_pb2.CreateResponse:
            model = self._model(_type(request.urn), context)
            inputs = decode(request.properties)
            if request.preview:
                outputs = self._previewed(self._place(context), model, inputs)
                return provider_pb2.CreateResponse(id="", properties=encode(outputs))
            record, outputs = self._service.create(self._place(context), model, inputs)
            return provider_pb2.CreateResponse(id=record.id, properties=encode(outputs))

        return _answered(context, create)

    def Update(self, request: provider_pb2.UpdateRequest, context: _Context) -> provider_pb2.UpdateResponse:
        """Update a resource in place, or say what is known of it before."""

        def update() -> provider_pb2.UpdateResponse:
            model = self._model(_type(request.urn), context)
            inputs = decode(request.news)
            if request.preview:
                outputs = self._previewed_update(self._place(context), model, request.id, inputs, decode(request.olds))
            else:
                outputs = self._service.update(self._place(context), model, request.id, inputs)
            return provider_pb2.UpdateResponse(properties=encode(outputs))

        return _answered(context, update)

    def Delete(self, request: provider_pb2.DeleteRequest, context: _Context) -> empty_pb2.Empty:
        """Delete a resource and what lies below it. One that is gone already is deleted."""

        def delete() -> empty_pb2.Empty:
            self._service.delete(self._place(context), self._model(_type(request.urn), context), request.id)
            return empty_pb2.Empty()

        return _answered(context, delete)

    def Read(self, request: provider_pb2.ReadRequest, context: _Context) -> provider_pb2.ReadResponse:
        """Return a resource as the cloud has it. An empty id says that it is gone."""

        def read() -> provider_pb2.ReadResponse:
            model = self._model(_type(request.urn), context)
            record = self._inventory.find(request.id, model.token)
            if record is None:
                return provider_pb2.ReadResponse(id="")
            known, inputs = decode(request.properties), decode(request.inputs)
            outputs = with_secrets(record.outputs, known)
            said = with_secrets(record.inputs, inputs)
            return provider_pb2.ReadResponse(id=record.id, properties=encode(outputs), inputs=encode(said))

        return _answered(context, read)

    def Invoke(self, request: provider_pb2.InvokeRequest, context: _Context) -> provider_pb2.InvokeResponse:
        """Answer a provider function."""

        def invoke() -> provider_pb2.InvokeResponse:
            cloud = self._place(context)
            function = self._catalog.functions.get(request.tok)
            if function is None:
                raise CloudError("NotModelled", f"the sandbox does not model the function {request.tok}")
            inputs = hashed(decode(request.args))
            unknown = sorted(set(inputs) - function.properties)
            if unknown:
                raise CloudError("NotModelled", f"{request.tok} does not take {', '.join(unknown)}")
            asked = Request(inputs=inputs, cloud=cloud, existing=self._inventory, serial=0)
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(encode(function.result(asked)))
            return response

        return _answered(context, invoke)

    def Cancel(self, request: empty_pb2.Empty, context: _Context) -> empty_pb2.Empty:
        """Nothing runs longer than its request: there is nothing to cancel."""
        return empty_pb2.Empty()

    def _model(self, token: str, context: _Context) -> ResourceModel:
        self._place(context)
        model = self._catalog.resources.get(token)
        if model is None:
            raise CloudError("NotModelled", f"the sandbox does not model the resource type {token}")
        return model

    def _place(self, context: _Context) -> CloudIds:
        """Return the cloud as this connection's configuration sees it."""
        with self._lock:
            found = self._configured.get(context.peer())
        if found is None:
            raise CloudError("NotConfigured", f"the provider {self._catalog.provider} was not configured")
        return found

    def _previewed(self, cloud: CloudIds, model: ResourceModel, inputs: Properties) -> Properties:
        return known_outputs(inputs, all_outputs(model, self._service.request(cloud, inputs, serial=0), inputs))

    def _previewed_update(
        self, cloud: CloudIds, model: ResourceModel, resource_id: str, inputs: Properties, old: Properties
    ) -> Properties:
        """Return the outputs that are known before an update: what it will not change stays as it is."""
        record = self._inventory.find(resource_id, model.token)
        asked = self._service.request(cloud, inputs, record.serial if record else 0, resource_id)
        new = all_outputs(model, asked, inputs)
        known = known_outputs(inputs, new)
        if not self._catalog.keeps_computed:
            return known
        unsaid = {key: value for key, value in old.items() if key not in inputs}
        return known | {key: value for key, value in unsaid.items() if key in new and hashed(value) == hashed(new[key])}


def _answered(context: _Context, answer: Callable[[], _Answer]) -> _Answer:
    try:
        return answer()
    except CloudError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except sqlite3.Error as error:  # a full disk, say: the transaction was rolled back
        context.abort(grpc.StatusCode.UNKNOWN, str(CloudError("InternalServerError", f"the inventory failed: {error}")))


def _type(urn: str) -> str:
    """Return the type token in a URN: the last of the types that name the parents too."""
    return urn.split("::")[2].rpartition("$")[2]


def _diff_response(model: ResourceModel, found: list[Change]) -> provider_pb2.DiffResponse:
    if not found:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
    replaced = sorted({change.path for change in found if change.replaces})
    detailed = {
        change.path: provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)
        for change in found
    }
    # A name that stays taken forces the old resource out before the new one can be made.
    keeps_name = model.name is not None and model.name.property not in {change.path for change in found}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        diffs=sorted({change.path.split(".")[0].split("[")[0] for change in found}),
        replaces=replaced,
        deleteBeforeReplace=bool(replaced) and keeps_name,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )
