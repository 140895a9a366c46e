"""Names of resources: one pattern per kind, checked against the cloud's rules, never cut.

Every name is `<abbreviation>-<platform>-<environment>-<suffix>`. The suffix is four hex digits of a stable hash of
subscription or account, environment and generation: names that must be unique in the world are, and raising
`generation` escapes the name of a soft-deleted resource. Abbreviations are those of Microsoft's Cloud Adoption
Framework; limits are those of Microsoft's and Amazon's naming rules (docs/adr/0006).
"""

import dataclasses
import hashlib
import re

from shared.environment import Environment


class NameTooLongError(ValueError):
    """A name would break the cloud's length limit. kind, name and limit (characters) are fields."""

    def __init__(self, *, kind: str, name: str, limit: int) -> None:
        self.kind = kind
        self.name = name
        self.limit = limit
        super().__init__(
            f"{kind} name {name!r} has {len(name)} characters and may have {limit}; use a shorter platform name"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class NameRule:
    """How the name of one kind of resource looks: its abbreviation, separator, pattern and length limit."""

    abbreviation: str
    pattern: str
    limit: int
    separator: str = "-"


RULES: dict[str, NameRule] = {
    "resource_group": NameRule(abbreviation="rg", pattern=r"[\w().-]*[\w()-]", limit=90),
    "managed_identity": NameRule(abbreviation="id", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,}", limit=128),
    "entra_application": NameRule(abbreviation="app", pattern=r"[a-z0-9-]+", limit=120),
    "entra_group": NameRule(abbreviation="grp", pattern=r"[a-z0-9-]+", limit=120),
    "log_analytics": NameRule(abbreviation="log", pattern=r"[a-zA-Z0-9][a-zA-Z0-9-]{2,}[a-zA-Z0-9]", limit=63),
    "key_vault": NameRule(abbreviation="kv", pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]+[a-zA-Z0-9]", limit=24),
    "virtual_network": NameRule(abbreviation="vnet", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=64),
    "subnet": NameRule(abbreviation="snet", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "network_security_group": NameRule(abbreviation="nsg", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "private_endpoint": NameRule(abbreviation="pep", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=64),
    "storage_account": NameRule(abbreviation="st", pattern=r"[a-z0-9]{3,}", limit=24, separator=""),
    "container_registry": NameRule(abbreviation="cr", pattern=r"[a-zA-Z0-9]{5,}", limit=50, separator=""),
    "application_insights": NameRule(abbreviation="appi", pattern=r"[\w().-]*[\w()-]", limit=260),
    "ml_workspace": NameRule(abbreviation="mlw", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,}", limit=33),
    "ml_compute": NameRule(abbreviation="cpu", pattern=r"[a-zA-Z](?!.*-$)[a-zA-Z0-9-]+", limit=16),
    "online_endpoint": NameRule(abbreviation="mlep", pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]+[a-zA-Z0-9]", limit=32),
    "app_configuration": NameRule(
        abbreviation="appcs", pattern=r"[a-zA-Z0-9](?!.*---)[a-zA-Z0-9-]+[a-zA-Z0-9]", limit=50
    ),
    "s3_bucket": NameRule(abbreviation="s3", pattern=r"[a-z0-9][a-z0-9-]+[a-z0-9]", limit=63),
    "iam_role": NameRule(abbreviation="role", pattern=r"[\w+=,.@-]+", limit=64),
    "iam_policy": NameRule(abbreviation="policy", pattern=r"[\w+=,.@-]+", limit=128),
    "kms_alias": NameRule(abbreviation="key", pattern=r"(?!aws/)[\w/-]+", limit=250),
    "sagemaker_pipeline": NameRule(abbreviation="pipe", pattern=r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", limit=256),
    "model_package_group": NameRule(abbreviation="mpg", pattern=r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", limit=63),
    "aws_network": NameRule(abbreviation="vpc", pattern=r"(?!sg-)[a-zA-Z0-9 ._-]+", limit=255),
}


@dataclasses.dataclass(frozen=True)
class Names:
    """The names of one environment's resources."""

    environment: Environment

    def of(self, kind: str, purpose: str = "") -> str:
        """Return the name of the resource of `kind` (a key of RULES) that serves `purpose`.

        Raises NameTooLongError, or ValueError where the name breaks the kind's pattern.
        """
        rule = RULES[kind]
        parts = [rule.abbreviation, purpose, self.environment.platform, self.environment.name, self.suffix]
        name = rule.separator.join(part for part in parts if part)
        if len(name) > rule.limit:
            raise NameTooLongError(kind=kind, name=name, limit=rule.limit)
        if not re.fullmatch(rule.pattern, name):
            raise ValueError(f"{kind} name {name!r} does not match {rule.pattern}")
        return name

    @property
    def suffix(self) -> str:
        """Return the four hex digits that all names of this environment end in."""
        facts = [self.environment.azure.subscription_id, self.environment.aws.account_id]
        text = "/".join([*map(str, facts), self.environment.name, str(self.environment.generation)])
        return hashlib.sha256(text.encode()).hexdigest()[:4]
