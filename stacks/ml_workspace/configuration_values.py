"""What is in App Configuration, and who may read and change it."""

import json
import urllib.parse

import pulumi
from pulumi_azure_native import appconfiguration

from shared.components import azure_role as role
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs, KeyVaultOutputs, SagemakerOutputs
from shared.environment import Environment
from shared.tags import tags

FEATURE_FLAG = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8"
VAULT_REFERENCE = "application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8"
_PLAIN = "text/plain"


def configuration_values(
    env: Environment,
    identity: IdentityOutputs,
    key_vault: KeyVaultOutputs,
    sagemaker: SagemakerOutputs,
    store: appconfiguration.ConfigurationStore,
) -> None:
    """Write settings, feature flags, where the AWS pipeline is, and where secrets are (never their values)."""
    access = RoleAssignments(
        "configuration",
        environment=env,
        scope=store.id,
        grants=[
            Grant.to_group(identity, "ml_admins", role.CONFIGURATION_DATA_OWNER),
            Grant.to_group(identity, "data_scientists", role.CONFIGURATION_DATA_READER),
            Grant.to_identity(identity, "compute", role.CONFIGURATION_DATA_READER),
            Grant.to_identity(identity, "endpoint", role.CONFIGURATION_DATA_READER),
        ],
    )

    def write(name: str, key: str, value: pulumi.Input[str], content_type: str = _PLAIN) -> None:
        appconfiguration.KeyValue(
            name,
            # Whoever asks with the label of another environment gets nothing, where it would get wrong values.
            key_value_name=arm_name(key, label=env.name),
            config_store_name=store.name,
            resource_group_name=identity.resource_group_name,
            value=value,
            content_type=content_type,
            tags=tags(env, "ml_workspace"),
            opts=pulumi.ResourceOptions(depends_on=[access]),
        )

    for key, value in env.ml_workspace.settings.items():
        write(f"setting-{key}", key, value)
    for key, value in aws_pipeline(sagemaker).items():
        write(key, f"sagemaker/{key}", value)
    for flag, enabled in env.ml_workspace.feature_flags.items():
        write(f"flag-{flag}", f".appconfig.featureflag/{flag}", feature_flag(flag, enabled=enabled), FEATURE_FLAG)
    for secret in env.key_vault.secrets:
        reference = key_vault.key_vault_uri.apply(lambda uri, name=secret: vault_reference(uri, name))
        write(f"secret-{secret}", f"secrets/{secret}", reference, VAULT_REFERENCE)


def aws_pipeline(sagemaker: SagemakerOutputs) -> dict[str, pulumi.Output[str]]:
    """Return where the training pipeline on AWS is, by the last part of the key."""
    return {
        "pipeline-arn": sagemaker.sagemaker_pipeline_arn,
        "pipeline-name": sagemaker.sagemaker_pipeline_name,
        "model-package-group": sagemaker.model_package_group_name,
        "artifact-bucket": sagemaker.artifact_bucket,
        "cross-cloud-role-arn": sagemaker.cross_cloud_role_arn,
    }


def arm_name(key: str, *, label: str) -> str:
    """Return a key and its label as the name of an ARM resource: `key$label`, both in URL encoding, with `~` for `%`.

    The rule is that of Microsoft's "Create an Azure App Configuration store by using an ARM template".
    """
    return f"{_encoded(key)}${_encoded(label)}"


def _encoded(text: str) -> str:
    return urllib.parse.quote(text, safe="").replace("~", "~7E").replace("%", "~")


def feature_flag(flag: str, *, enabled: bool) -> str:
    """Return the JSON of a feature flag."""
    return json.dumps({"id": flag, "description": "", "enabled": enabled, "conditions": {"client_filters": []}})


def vault_reference(vault_uri: str, secret: str) -> str:
    """Return the JSON that sends a reader to a secret in the vault, where the reader needs a role of its own."""
    return json.dumps({"uri": f"{vault_uri.rstrip('/')}/secrets/{secret}"})
