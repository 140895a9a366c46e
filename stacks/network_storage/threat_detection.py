"""Microsoft Defender looks for threats, malware and exposed sensitive data in the storage account."""

import pulumi
from pulumi_azure_native import security, storage

from shared.environment import Environment

# Scanning costs about 0.15 USD per GB: this is what an upload gone wrong may cost at most, 75 USD a month.
_MOST_SCANNED_GB = 500


def detect_threats(env: Environment, account: storage.StorageAccount, *after: pulumi.Resource) -> None:
    """Switch on Defender for Storage for one account, whatever the subscription's plan, where `env` asks for it."""
    if not env.protection.defender:
        return
    security.DefenderForStorage(
        "data",
        setting_name="current",
        resource_id=account.id,
        properties=security.DefenderForStorageSettingPropertiesArgs(
            is_enabled=True,
            override_subscription_level_settings=True,
            malware_scanning=security.MalwareScanningPropertiesArgs(
                on_upload=security.OnUploadPropertiesArgs(is_enabled=True, cap_gb_per_month=_MOST_SCANNED_GB)
            ),
            sensitive_data_discovery=security.SensitiveDataDiscoveryPropertiesArgs(is_enabled=True),
        ),
        # It changes the account too; Azure refuses two changes of one account at a time.
        opts=pulumi.ResourceOptions(depends_on=list(after)),
    )
