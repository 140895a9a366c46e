"""Where an environment lives: its state, its subscription, its account, its repository."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from shared.environment.section import Guid, OneWay, Section, broken

Region = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]+$", examples=["westeurope"])]
AwsRegion = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$", examples=["eu-west-1"])]
TagValue = Annotated[str, Field(pattern=r"^[A-Za-z0-9 _.:/=+@-]{1,256}$")]
# Patterns of GitHub names matter: they become part of the subjects and conditions that the clouds trust.
Owner = Annotated[str, Field(pattern=r"^[A-Za-z0-9](-?[A-Za-z0-9])*$", max_length=39)]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
GitHubId = Annotated[int, Field(ge=1)]

# Keys as Pulumi's secrets providers write them ("State and backends", Pulumi): a Key Vault key with or without version;
# an alias, an id or an ARN of AWS KMS.
_KEY_URL: Final = (
    r"^(azurekeyvault://[a-z0-9-]+(\.[a-z0-9-]+)+/keys/[A-Za-z0-9-]+(/[0-9a-f]{32})?"
    r"|awskms://(alias/[A-Za-z0-9/_-]+|(mrk-)?[0-9a-f-]+|/arn:[a-z-]+:kms:[A-Za-z0-9:/_-]+)(\?[A-Za-z0-9=&_.-]+)?)$"
)


class State(Section):
    """Where the state of this environment lives, and what encrypts the secrets in it."""

    backend: Annotated[str, Field(pattern=r"^(file|s3|azblob)://.")]
    """Pulumi backend URL. A sandbox that names files here keeps its state in its state folder instead (`--state`)."""
    secrets_provider: Annotated[str, Field(pattern=r"^(passphrase$|awskms://.|azurekeyvault://.)")]
    """Pulumi secrets provider. `passphrase` is for the sandbox only, which makes one up in its state folder."""
    plan_set_key: Annotated[str, Field(pattern=_KEY_URL)] | None
    """Key that encrypts saved plan sets, never that of the secrets. null on the sandbox, which makes its own."""

    @model_validator(mode="after")
    def _who_reads_plan_sets_need_not_read_secrets(self) -> Self:
        if self.plan_set_key is not None and self.plan_set_key == self.secrets_provider:
            raise broken("plan_set_key", "is the key of the secrets too", "make another key for plan sets")
        return self


class Azure(Section):
    """Which Azure subscription is meant."""

    location: Region
    """Azure region of every resource."""
    tenant_id: Guid | None
    """Entra tenant; null until it is known."""
    subscription_id: Guid | None
    """Subscription; null until it is known."""


class Aws(Section):
    """Which AWS account is meant."""

    region: AwsRegion
    """AWS region of every resource."""
    account_id: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None
    """Account; null until it is known. Quote it: it may begin with 0."""
    create_github_provider: bool
    """Whether this environment creates the account's one OIDC provider for GitHub, or uses the existing one."""
    create_entra_provider: bool
    """Whether this environment creates the account's one OIDC provider for the tenant, or uses the existing one."""
    create_log_groups: bool
    """Whether this environment keeps the region's log groups of SageMaker's jobs, whose names are fixed."""


class GitHub(Section):
    """The repository whose workflows deploy this environment."""

    organization: Owner
    """Owner of the repository."""
    organization_id: GitHubId | None
    """Numeric id of the owner; null until it is known, needed for the immutable subject style."""
    repository: Repository
    """Name of the repository."""
    repository_id: GitHubId | None
    """Numeric id of the repository; null until it is known, needed for the immutable subject style."""
    subject_style: Literal["classic", "immutable"]
    """Form of the OIDC subject: repositories created since 2026-07-15 send the immutable one."""


class Tags(Section):
    """Tags on every resource."""

    owner: TagValue
    """Team that answers for the environment."""
    cost_center: TagValue
    """Who pays."""


class Protection(Section):
    """What keeps stateful resources from being deleted by mistake."""

    deletion: bool
    """Pulumi refuses to delete stateful resources."""
    locks: bool
    """Azure management locks on what must never go."""
    purge: Annotated[bool, OneWay]
    """Soft-deleted vaults and stores cannot be purged early. Irreversible once on."""
    defender: bool
    """Microsoft Defender for Storage looks for threats and malware. Costs about 10 USD a month and account."""
