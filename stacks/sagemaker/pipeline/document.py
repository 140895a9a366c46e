"""The shape of a definition's JSON, as far as its validation needs it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stacks.sagemaker.pipeline.errors import DefinitionError

MAXIMUM_CHARACTERS = 1_048_576
MAXIMUM_PARAMETERS = 200

StepName = Annotated[str, Field(pattern=r"^[A-Za-z0-9\-_]{1,64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


class ParameterPart(_Part):
    """A parameter."""

    Name: Annotated[str, Field(pattern=r"^[A-Za-z0-9\-_]{1,256}$")]
    Type: Literal["String", "Integer", "Float", "Boolean"]
    DefaultValue: str | int | float | bool | None = None


class PropertyFilePart(_Part):
    """A property file of a processing step."""

    PropertyFileName: str
    OutputName: str


class StepPart(_Part):
    """A step. Types that this platform does not use are refused: nobody has checked what they need."""

    Name: StepName
    Type: Literal["Processing", "Training", "Condition", "RegisterModel", "Fail"]
    Arguments: dict[str, Any]
    DependsOn: list[str] = Field(default_factory=list[str])
    PropertyFiles: list[PropertyFilePart] = Field(default_factory=list[PropertyFilePart])


class BranchesPart(_Part):
    """The two branches of a condition step."""

    IfSteps: list[StepPart]
    ElseSteps: list[StepPart]


class DocumentPart(_Part):
    """The definition as a whole."""

    Version: Literal["2020-12-01"]
    Parameters: Annotated[list[ParameterPart], Field(max_length=MAXIMUM_PARAMETERS)] = Field(
        default_factory=list[ParameterPart]
    )
    Steps: Annotated[list[StepPart], Field(min_length=1)]


def parsed(text: str) -> DocumentPart:
    """Return the document in `text`. Raises DefinitionError where its size, its JSON or its shape is wrong."""
    if len(text) > MAXIMUM_CHARACTERS:
        raise DefinitionError("", f"has {len(text)} characters and may have {MAXIMUM_CHARACTERS}; use fewer steps")
    try:
        return DocumentPart.model_validate_json(text)
    except ValidationError as error:
        raise DefinitionError("", first_problem(error)) from None


def branches(step: StepPart) -> BranchesPart:
    """Return the branches of a condition step. Raises DefinitionError where their shape is wrong."""
    try:
        return BranchesPart.model_validate(step.Arguments)
    except ValidationError as error:
        raise DefinitionError(step.Name, first_problem(error)) from None


def first_problem(error: ValidationError) -> str:
    """Return the first problem as one sentence, without the value that caused it: it may be a secret."""
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"]) or "the text"
    return f"{place}: {problem['msg']}"
