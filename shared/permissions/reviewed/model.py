"""What a reviewed grant says.

Names of one environment are written for all: {ours} is platform-environment-suffix, which every name of ours ends in;
{account}, {region}, {environment} and {platform} are those of the environment, {github} is the beginning of its OIDC
subjects, {repository} its repository, {image} the repository of the jobs' image, {key} the customer-managed key.
A row holds in environments where all of `when` do: choices that shared/permissions/reviewed/when.py names.
"""

import dataclasses
from collections.abc import Mapping
from typing import Literal


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewedRole:
    """A role on Azure.

    to: the identity or group; role: its name in shared/components/azure_role.py; on: type and logical name of the
    resource that is its scope; needed_by: types of the resources that need it; why: what for.
    """

    to: str
    role: str
    on: str
    needed_by: tuple[str, ...]
    why: str
    when: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewedStatement:
    """A statement of a policy on AWS.

    needed_by: types of the resources that need it; empty where the calls of the provider tell. why: what for.
    outside: it is about all resources but these; principals: in a policy of a resource, "AWS <arn>" or "Service
    <name>".
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    why: str
    needed_by: tuple[str, ...] = ()
    effect: Literal["Allow", "Deny"] = "Allow"
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = dataclasses.field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    principals: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewedOwnRole:
    """A role on Azure that this repository defines. name: its logical name; why: what for."""

    name: str
    actions: tuple[str, ...]
    why: str
    when: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewedAppRole:
    """A permission of Microsoft Graph, or a role of our own application.

    to: the login, identity or group; needed_by: types of the resources that need it; why: what for.
    """

    to: str
    permission: str
    needed_by: tuple[str, ...]
    why: str
