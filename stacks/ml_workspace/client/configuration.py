"""Settings and feature flags of App Configuration."""

import dataclasses
from collections.abc import Iterable, Mapping

from azure.appconfiguration import (
    AzureAppConfigurationClient,
    ConfigurationSetting,
    FeatureFlagConfigurationSetting,
    SecretReferenceConfigurationSetting,
)

from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.errors import explained

PIPELINE_ARN = "sagemaker/pipeline-arn"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """What an environment is set to, by key.

    secrets: addresses of secrets in the vault, which is asked for the values by who has a role there.
    """

    settings: Mapping[str, str]
    flags: Mapping[str, bool]
    secrets: Mapping[str, str]

    @property
    def pipeline_arn(self) -> str | None:
        """Return the ARN of the training pipeline on AWS, or None where nobody wrote it."""
        return self.settings.get(PIPELINE_ARN)


def read_configuration(caller: Caller, endpoint: str, *, label: str) -> Configuration:
    """Read everything with the label of an environment, page by page. Raises ClientError."""
    with (
        explained(what="configuration", where=endpoint, role="App Configuration Data Reader"),
        AzureAppConfigurationClient(endpoint, caller.credential, retry_total=caller.retries) as client,
    ):
        return sorted_out(client.list_configuration_settings(label_filter=label))


def sorted_out(found: Iterable[ConfigurationSetting]) -> Configuration:
    """Return what was read, sorted into its kinds."""
    settings: dict[str, str] = {}
    flags: dict[str, bool] = {}
    secrets: dict[str, str] = {}
    for one in found:
        if isinstance(one, FeatureFlagConfigurationSetting):
            flags[one.feature_id] = one.enabled is True
        elif isinstance(one, SecretReferenceConfigurationSetting):
            secrets[one.key] = one.secret_id or ""
        else:
            settings[one.key] = one.value
    return Configuration(settings=settings, flags=flags, secrets=secrets)
