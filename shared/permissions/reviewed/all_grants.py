"""Every reviewed grant."""

from collections.abc import Mapping
from typing import Final

from shared.permissions.reviewed.aws_logins import AWS_LOGINS
from shared.permissions.reviewed.aws_resource_policies import AWS_RESOURCE_POLICIES
from shared.permissions.reviewed.aws_services import AWS_SERVICES
from shared.permissions.reviewed.aws_trust import AWS_TRUST
from shared.permissions.reviewed.azure_logins import APP_ROLES, AZURE_LOGINS, OWN_ROLES
from shared.permissions.reviewed.azure_services import AZURE_SERVICES
from shared.permissions.reviewed.model import ReviewedRole, ReviewedStatement

__all__ = ["APP_ROLES", "OWN_ROLES", "POLICIES", "ROLES"]

ROLES: Final[tuple[ReviewedRole, ...]] = (*AZURE_LOGINS, *AZURE_SERVICES)
# By kind and logical name: "role job" is the policy of that role, "trust of job" who may become it.
POLICIES: Final[Mapping[str, tuple[ReviewedStatement, ...]]] = {
    **AWS_LOGINS,
    **AWS_SERVICES,
    **AWS_TRUST,
    **AWS_RESOURCE_POLICIES,
}
