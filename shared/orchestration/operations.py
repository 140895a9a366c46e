"""What a worker can do with a stack."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.orchestration.destroy_operation import StackDestruction
from shared.orchestration.job import Operation
from shared.orchestration.preview_operation import StackPreview
from shared.orchestration.refresh_operation import StackRefresh
from shared.orchestration.stack_work import StackWork
from shared.orchestration.update_operation import StackUpdate

OPERATIONS: Final[Mapping[Operation, type[StackWork]]] = MappingProxyType(
    {
        "preview": StackPreview,
        "up": StackUpdate,
        "destroy": StackDestruction,
        "drift": StackRefresh,
        "refresh": StackRefresh,
    }
)
