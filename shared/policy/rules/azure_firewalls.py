"""A network security group lets nobody in from the internet, on whatever port.

Checkov looks at ports 22, 80 and 3389. Names of service tags: Microsoft, "Virtual network service tags".
"""

from collections.abc import Iterator

from shared.policy.json_value import Json, at
from shared.policy.resource import Resource
from shared.policy.rules.documents import listed
from shared.policy.rules.own_networks import is_public
from shared.policy.rules.rule import Estate, Rule

# AzureCloud is every address of every customer.
_EVERYBODY = frozenset({"*", "any", "internet", "azurecloud"})


def _open(resource: Resource, _: Estate) -> str:
    rules = [rule for rule in _rules(resource) if _admits(rule)]
    names = ", ".join(str(at(rule, "name")) for rule in rules)
    return f"the internet gets in by {names}" if rules else ""


def _rules(resource: Resource) -> Iterator[Json]:
    if resource.type.endswith(":SecurityRule"):
        yield {"name": resource.name, **resource.inputs}
    yield from listed(resource.inputs.get("securityRules"))


def _admits(rule: Json) -> bool:
    if str(at(rule, "access")).lower() != "allow" or str(at(rule, "direction")).lower() != "inbound":
        return False
    sources = [str(one) for key in ("sourceAddressPrefix", "sourceAddressPrefixes") for one in listed(at(rule, key))]
    return any(source.lower().partition(".")[0] in _EVERYBODY or is_public(source) for source in sources)


RULES = (
    Rule(
        id="MLP_AZURE_8",
        title="a network security group lets nobody in from the internet",
        types=frozenset({"azure-native:network:NetworkSecurityGroup", "azure-native:network:SecurityRule"}),
        problem=_open,
        fix='source_address_prefix="VirtualNetwork", or the addresses of a network of ours',
    ),
)
