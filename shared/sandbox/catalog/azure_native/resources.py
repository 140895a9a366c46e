"""Microsoft.Resources."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.model import NameRule

MODELS = (
    arm(
        "resources:ResourceGroup",
        "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}",
        api_version="2024-03-01",
        properties="location managedBy tags",
        required="location",
        name=NameRule(property="resourceGroupName", pattern=r"[\w().-]{0,89}[\w()-]", code="InvalidResourceGroup"),
        exists_code="ResourceGroupAlreadyExists",
        outputs=lambda _: {"properties": {"provisioningState": "Succeeded"}},
        replace_on="location",
    ),
)
