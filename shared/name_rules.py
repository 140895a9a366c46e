"""How names of resources look, and what the clouds allow: pure data and arithmetic, without an environment.

Abbreviations are those of Microsoft's Cloud Adoption Framework; limits are those of Microsoft's "Naming rules and
restrictions for Azure resources" and of Amazon's API references (docs/adr/0006).
"""

import dataclasses
import re

SUFFIX_LENGTH = 4


class NameTooLongError(ValueError):
    """A name would break the cloud's length limit. kind, name and limit (characters) are fields.

    parts: what the name is put together from; the message adds their lengths up.
    """

    def __init__(self, *, kind: str, name: str, limit: int, parts: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.name = name
        self.limit = limit
        self.parts = parts
        sum_ = f" ({arithmetic(parts, len(name))})" if parts else ""
        super().__init__(
            f"{kind} name {name!r} has {len(name)} characters{sum_} and may have {limit}; "
            "use a shorter platform or environment name"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class NameRule:
    """How the name of one kind of resource looks.

    abbreviation and separator: what it is put together with; pattern and limit (characters): what the cloud allows;
    room: characters that a purpose may have, so that an environment's file can be checked before any purpose is
    known; local: the name is unique inside its parent only, so it needs no platform, environment and suffix.
    """

    abbreviation: str
    pattern: str
    limit: int
    separator: str = "-"
    room: int = 24
    local: bool = False


RULES: dict[str, NameRule] = {
    "resource_group": NameRule(abbreviation="rg", pattern=r"[\w().-]*[\w()-]", limit=90),
    "managed_identity": NameRule(abbreviation="id", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,}", limit=128),
    "entra_application": NameRule(abbreviation="app", pattern=r"[a-z0-9-]+", limit=120),
    "entra_group": NameRule(abbreviation="grp", pattern=r"[a-z0-9-]+", limit=120),
    "log_analytics": NameRule(abbreviation="log", pattern=r"[a-zA-Z0-9][a-zA-Z0-9-]{2,}[a-zA-Z0-9]", limit=63),
    "key_vault": NameRule(abbreviation="kv", pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]+[a-zA-Z0-9]", limit=24, room=3),
    "virtual_network": NameRule(abbreviation="vnet", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=64),
    "subnet": NameRule(abbreviation="snet", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "network_security_group": NameRule(abbreviation="nsg", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "nat_gateway": NameRule(abbreviation="ng", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "public_address": NameRule(abbreviation="pip", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "service_endpoint_policy": NameRule(abbreviation="se", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "flow_log": NameRule(abbreviation="flow", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=80),
    "private_endpoint": NameRule(abbreviation="pep", pattern=r"[a-zA-Z0-9][\w.-]*\w", limit=64),
    "storage_account": NameRule(abbreviation="st", pattern=r"[a-z0-9]{3,}", limit=24, separator="", room=4),
    "container_registry": NameRule(abbreviation="cr", pattern=r"[a-zA-Z0-9]{5,}", limit=50, separator=""),
    "application_insights": NameRule(abbreviation="appi", pattern=r"[\w().-]*[\w()-]", limit=260),
    "ml_workspace": NameRule(abbreviation="mlw", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,}", limit=33, room=8),
    # Compute is unique in its workspace, and 16 characters have no room for more than its purpose.
    "ml_compute": NameRule(abbreviation="cpu", pattern=r"[a-zA-Z](?!.*-$)[a-zA-Z0-9-]+", limit=16, room=12, local=True),
    "online_endpoint": NameRule(
        abbreviation="mlep", pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]+[a-zA-Z0-9]", limit=32, room=8
    ),
    "app_configuration": NameRule(
        abbreviation="appcs", pattern=r"[a-zA-Z0-9](?!.*---)[a-zA-Z0-9-]+[a-zA-Z0-9]", limit=50
    ),
    "s3_bucket": NameRule(abbreviation="s3", pattern=r"[a-z0-9][a-z0-9-]+[a-z0-9]", limit=63),
    "iam_role": NameRule(abbreviation="role", pattern=r"[\w+=,.@-]+", limit=64),
    "iam_policy": NameRule(abbreviation="policy", pattern=r"[\w+=,.@-]+", limit=128),
    "kms_alias": NameRule(abbreviation="key", pattern=r"(?!aws/)[\w/-]+", limit=250),
    "sagemaker_pipeline": NameRule(abbreviation="pipe", pattern=r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", limit=256),
    "model_package_group": NameRule(abbreviation="mpg", pattern=r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", limit=63),
    "event_rule": NameRule(abbreviation="rule", pattern=r"[.\w-]+", limit=64),
    "log_group": NameRule(abbreviation="log", pattern=r"[.\w/#-]+", limit=512),
    "aws_network": NameRule(abbreviation="vpc", pattern=r"(?!sg-)[a-zA-Z0-9 ._-]+", limit=255),
}


def resource_name(kind: str, purpose: str, *, platform: str, environment: str, suffix: str) -> str:
    """Return the name of the resource of `kind` (a key of RULES) that serves `purpose`.

    Raises NameTooLongError, or ValueError where the purpose has no room or the name breaks the kind's pattern.
    """
    rule = RULES[kind]
    if len(purpose) > rule.room:
        raise ValueError(f"{kind} purpose {purpose!r} has {len(purpose)} characters and may have {rule.room}")
    owner = () if rule.local else (platform, environment, suffix)
    parts = tuple(part for part in (rule.abbreviation, purpose, *owner) if part)
    name = rule.separator.join(parts)
    if len(name) > rule.limit:
        raise NameTooLongError(kind=kind, name=name, limit=rule.limit, parts=parts)
    if not re.fullmatch(rule.pattern, name, re.ASCII):
        raise ValueError(f"{kind} name {name!r} does not match {rule.pattern}")
    return name


def check_room(platform: str, environment: str) -> None:
    """Check that every kind's name fits, whatever its purpose. Raises NameTooLongError for the first that does not."""
    for kind, rule in RULES.items():
        widest = "x" * rule.room
        resource_name(kind, widest, platform=platform, environment=environment, suffix="0" * SUFFIX_LENGTH)


def arithmetic(parts: tuple[str, ...], total: int) -> str:
    """Return how the lengths of `parts` and their separators make `total`: `kv 2 + cmk 3 + 1 separator = 6`."""
    separators = total - sum(map(len, parts))
    terms = [f"{part} {len(part)}" for part in parts]
    if separators:
        terms.append(f"{separators} separator{'s' if separators > 1 else ''}")
    return f"{' + '.join(terms)} = {total}"
