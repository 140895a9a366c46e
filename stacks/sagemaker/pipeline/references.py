"""Everything that a definition refers to must exist, and must be there in time."""

import graphlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stacks.sagemaker.pipeline.document import DocumentPart
from stacks.sagemaker.pipeline.errors import DefinitionError
from stacks.sagemaker.pipeline.placement import PlacedStep

EXECUTION_FACTS: Final = frozenset(
    {
        "StartDateTime",
        "CurrentDateTime",
        "PipelineName",
        "PipelineArn",
        "PipelineExecutionId",
        "PipelineExecutionArn",
        "TrainingJobName",
        "ProcessingJobName",
    }
)
_STEP = re.compile(r"Steps\.(?P<step>[A-Za-z0-9\-_]{1,64})\.(?P<property>.+)", re.DOTALL)
_TARGET = re.compile(r"ProcessingOutputConfig\.Outputs\['(?P<name>[^']*)'\]\.S3Output\.S3Uri")
_FILE = re.compile(r"PropertyFiles\.(?P<name>.+)", re.DOTALL)


def check_references(document: DocumentPart, steps: Mapping[str, PlacedStep]) -> None:
    """Raise DefinitionError where something is referred to that is not there, not there in time, or in a circle."""
    parameters = _parameters(document)
    for path in _gets(document.model_dump(exclude={"Steps"})):
        _check_get("", path, parameters, steps)
    needs = {name: _needs(placed, parameters, steps) for name, placed in steps.items()}
    _check_circles(needs)
    order = {name: index for index, name in enumerate(steps)}
    for name, needed in needs.items():
        for other in sorted(needed):
            _check_in_time(steps[name], steps[other], order)


def _parameters(document: DocumentPart) -> frozenset[str]:
    names = [parameter.Name for parameter in document.Parameters]
    for name in names:
        if names.count(name) > 1:
            raise DefinitionError("", f"has two parameters named {name}; names are unique")
    return frozenset(names)


def _needs(placed: PlacedStep, parameters: frozenset[str], steps: Mapping[str, PlacedStep]) -> frozenset[str]:
    named = {_check_get(placed.name, path, parameters, steps) for path in _gets(placed.own)}
    for other in placed.step.DependsOn:
        if other not in steps:
            raise DefinitionError(placed.name, f"depends on step {other!r}, which does not exist")
    return frozenset({*named, *placed.step.DependsOn} - {""})


def _gets(value: Any) -> Iterator[str]:
    """Yield the paths of all `Get`s in JSON data; the text of what is no path where one is malformed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Get":
                yield inner if isinstance(inner, str) else ""
            else:
                yield from _gets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _gets(inner)


def _check_get(name: str, path: str, parameters: frozenset[str], steps: Mapping[str, PlacedStep]) -> str:
    """Return the step that `path` refers to, or an empty text where it is no step."""
    kind, _, rest = path.partition(".")
    if kind == "Parameters" and rest in parameters:
        return ""
    if kind == "Execution" and rest in EXECUTION_FACTS:
        return ""
    match = _STEP.fullmatch(path)
    if match is None or match["step"] not in steps:
        problem = "which is no parameter, no step's property and no fact of the execution"
        raise DefinitionError(name, f"refers to {path!r}, {problem}")
    if not _has_property(steps[match["step"]], match["property"]):
        raise DefinitionError(name, f"refers to {path!r}, which step {match['step']} does not have")
    return match["step"]


def _has_property(placed: PlacedStep, path: str) -> bool:
    step = placed.step
    if step.Type not in {"Processing", "Training", "RegisterModel"}:
        return False
    if file := _FILE.fullmatch(path):
        targets = _target_names(placed)
        return any(each.PropertyFileName == file["name"] and each.OutputName in targets for each in step.PropertyFiles)
    if path.startswith("ProcessingOutputConfig"):
        target = _TARGET.fullmatch(path)
        return target is not None and target["name"] in _target_names(placed)
    return step.Type == "Training" or not path.startswith("ModelArtifacts")


def _target_names(placed: PlacedStep) -> frozenset[str]:
    configuration: Any = placed.step.Arguments.get("ProcessingOutputConfig")
    outputs: Any = configuration.get("Outputs") if isinstance(configuration, dict) else None
    found = outputs if isinstance(outputs, list) else []
    return frozenset(str(each.get("OutputName")) for each in found if isinstance(each, dict))


def _check_circles(needs: Mapping[str, frozenset[str]]) -> None:
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        circle: list[str] = error.args[1]
        raise DefinitionError(circle[-1], f"waits for itself: {' <- '.join(circle)}") from None


def _check_in_time(placed: PlacedStep, needed: PlacedStep, order: Mapping[str, int]) -> None:
    if not needed.runs_with(placed):
        condition, branch = needed.branch[-1]
        raise DefinitionError(
            placed.name, f"needs step {needed.name}, which may not run: it is in {branch} of {condition}"
        )
    if order[needed.name] >= order[placed.name]:
        raise DefinitionError(placed.name, f"needs step {needed.name}, which comes later; put it before")
