"""How much a definition may hold: the limits of the APIs that its steps call, and unique names inside a step.

A test compares the numbers with the service model of Amazon's own SDK.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from stacks.sagemaker.pipeline.document import DocumentPart, StepPart
from stacks.sagemaker.pipeline.errors import DefinitionError

MAXIMUM_STEPS: Final = 50
"""Steps with those inside conditions: an execution selects among at most so many (API SelectiveExecutionConfig)."""
MAXIMUM_DEFAULT: Final = 1024
"""Characters of a parameter's value (API Parameter)."""


class Limit(NamedTuple):
    """At most so many entries, or characters, at a dotted path of a step's arguments. "[]": of each entry there."""

    path: str
    most: int


LIMITS: Final[Mapping[str, tuple[Limit, ...]]] = {
    "Processing": (
        Limit("AppSpecification.ContainerArguments", 100),
        Limit("AppSpecification.ContainerArguments[]", 256),
        Limit("AppSpecification.ContainerEntrypoint", 100),
        Limit("AppSpecification.ContainerEntrypoint[]", 256),
        Limit("AppSpecification.ImageUri", 255),
        Limit("Environment", 100),
        Limit("NetworkConfig.VpcConfig.SecurityGroupIds", 5),
        Limit("NetworkConfig.VpcConfig.Subnets", 16),
        Limit("ProcessingInputs", 10),
        Limit("ProcessingOutputConfig.Outputs", 10),
    ),
    "Training": (
        Limit("AlgorithmSpecification.ContainerArguments", 100),
        Limit("AlgorithmSpecification.ContainerArguments[]", 256),
        Limit("AlgorithmSpecification.ContainerEntrypoint", 100),
        Limit("AlgorithmSpecification.ContainerEntrypoint[]", 256),
        Limit("AlgorithmSpecification.TrainingImage", 255),
        Limit("Environment", 100),
        Limit("HyperParameters", 100),
        Limit("HyperParameters[]", 2500),
        Limit("InputDataConfig", 20),
        Limit("VpcConfig.SecurityGroupIds", 5),
        Limit("VpcConfig.Subnets", 16),
    ),
    "RegisterModel": (Limit("InferenceSpecification.Containers", 15),),
}
_NAMES: Final = {
    "InputName": ("ProcessingInputs",),
    "OutputName": ("ProcessingOutputConfig", "Outputs"),
    "ChannelName": ("InputDataConfig",),
}
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}


def check_document(document: DocumentPart, steps: int) -> None:
    """Raise DefinitionError where there are too many steps, or a parameter's default is no value of its type."""
    if steps > MAXIMUM_STEPS:
        raise DefinitionError("", f"has {steps} steps and may have {MAXIMUM_STEPS}; use another pipeline for the rest")
    for parameter in document.Parameters:
        default = parameter.DefaultValue
        if default is not None and not _is_of(parameter.Type, default):
            raise DefinitionError("", f"parameter {parameter.Name} has a default that is no {parameter.Type}")
        if len(str(default)) > MAXIMUM_DEFAULT:
            raise DefinitionError("", f"parameter {parameter.Name} has a default of over {MAXIMUM_DEFAULT} characters")


def check_step(step: StepPart) -> None:
    """Raise DefinitionError where the arguments of `step` hold more than its API takes, or one name twice."""
    for limit in LIMITS.get(step.Type, ()):
        for found in _sizes(step.Arguments, limit.path):
            if found > limit.most:
                problem = f"Arguments.{limit.path} has {found} entries or characters and may have {limit.most}"
                raise DefinitionError(step.Name, problem)
    for key, path in _NAMES.items():
        names = [str(each.get(key)) for each in _listed(step.Arguments, path) if isinstance(each, dict)]
        for name in names:
            if names.count(name) > 1:
                raise DefinitionError(step.Name, f"has two entries with {key} {name}; names are unique in a step")


def _is_of(kind: str, value: object) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "Boolean" or not isinstance(value, bool))


def _sizes(arguments: Any, path: str) -> Iterator[int]:
    """Yield how large what is at `path` is. What has another shape, a reference say, is not measured."""
    place, each, _ = path.partition("[]")
    found: Any = arguments
    for key in place.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    if not each and isinstance(found, str | list | dict):
        yield len(found)
    if each and isinstance(found, list | dict):
        entries = found.values() if isinstance(found, dict) else found
        yield from (len(entry) for entry in entries if isinstance(entry, str))


def _listed(arguments: Any, path: tuple[str, ...]) -> list[Any]:
    found: Any = arguments
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, list) else []
