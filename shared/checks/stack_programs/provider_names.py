"""What a dotted name of Pulumi or of a provider's SDK stands for, told by its spelling.

SDKs are generated: classes are in CamelCase, argument classes end in Args, functions (invokes) are in lower case.
"""

PROVIDERS = frozenset({"pulumi_aws", "pulumi_azure_native", "pulumi_azuread"})

CORE_RESOURCES = frozenset(
    {
        "pulumi.ComponentResource",
        "pulumi.CustomResource",
        "pulumi.ProviderResource",
        "pulumi.Resource",
        "pulumi.StackReference",
        "pulumi.dynamic.Resource",
    }
)

_NOT_RESOURCES = ("Args", "ArgsDict", "Result")

# Computed inside the provider from its arguments alone (Pulumi Registry, "aws.iam.getPolicyDocument": generates an
# IAM policy document in JSON format).
_ASKS_NOBODY = frozenset(
    {"pulumi_aws.iam.get_policy_document", "pulumi_aws.iam.get_policy_document_output"},
)


def is_provider_resource(dotted: str) -> bool:
    """Return whether a call of this name makes or reads a resource: a class of an SDK, or its static `get`."""
    name = dotted.removesuffix(".get")
    if _core(name) in CORE_RESOURCES:
        return True
    last = name.rsplit(".", maxsplit=1)[-1]
    return _of_provider(name) and last[:1].isupper() and not last.endswith(_NOT_RESOURCES)


def is_lookup(dotted: str) -> bool:
    """Return whether a call of this name asks the cloud for something that is there: an invoke or a static `get`."""
    if dotted in {"pulumi.runtime.invoke", "pulumi.runtime.invoke_output"}:
        return True
    last = dotted.rsplit(".", maxsplit=1)[-1]
    if last == "get":
        return is_provider_resource(dotted)
    return _of_provider(dotted) and last[:1].islower() and dotted not in _ASKS_NOBODY


def is_export(dotted: str) -> bool:
    """Return whether a call of this name publishes an output."""
    return dotted == "pulumi.export"


def _of_provider(dotted: str) -> bool:
    return dotted.partition(".")[0] in PROVIDERS and "." in dotted


def _core(dotted: str) -> str:
    return "pulumi." + dotted.removeprefix("pulumi.resource.") if dotted.startswith("pulumi.resource.") else dotted
