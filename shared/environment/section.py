"""What all sections of an environment file have in common, and the types of their values."""

import ipaddress
import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

RULE = "environment_rule"
"""Type of the validation errors that our own rules raise; their context holds key, problem and fix."""


class Section(BaseModel):
    """A frozen section of an environment file. Keys it does not know and values of another type are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,  # "true" in quotes is no bool, 1.5 no int and 5 no text
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


def broken(key: str, problem: str, fix: str) -> PydanticCustomError:
    """Return the error of a rule over several keys. key: the one to change, dotted, relative to the section."""
    return PydanticCustomError(RULE, "{key}: {problem}; {fix}", {"key": key, "problem": problem, "fix": fix})


def _is_a_network(value: str) -> str:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}", value, re.ASCII):
        raise ValueError(f"{value!r} is not a network such as 10.40.0.0/16")
    ipaddress.IPv4Network(value)
    return value


Network = Annotated[str, AfterValidator(_is_a_network), Field(examples=["10.40.0.0/16"])]
"""An IPv4 network in the form address/prefix, its host bits zero."""

Guid = Annotated[UUID, Field(strict=False)]
"""A GUID. Strict models take UUID objects only, and YAML has none."""

Text = Annotated[str, Field(min_length=1)]
"""Text that is not empty."""

OneWay = Field(json_schema_extra={"one_way": True})
"""Marks a switch that cannot be turned back, or that works only when the resource is created.

Staging and prod must agree in all of them: what staging did not try, prod cannot undo.
"""
