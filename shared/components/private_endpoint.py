"""A private endpoint with its names in private DNS."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import network

from shared.components import tokens
from shared.components.private_link import PRIVATE_ZONES, Group
from shared.environment import Environment
from shared.naming import Names


class PrivateEndpoint(pulumi.ComponentResource):
    """A way into one Azure service from our network only.

    name: purpose, part of the endpoint's name; group: the service's private link group.
    zone_ids: ARM ids of private DNS zones, by zone name. Without its zones clients resolve the public address.
    after: resources to wait for; Azure refuses two endpoints at work on one target at a time.
    """

    endpoint_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        environment: Environment,
        resource_group_name: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        target_id: pulumi.Input[str],
        group: Group,
        zone_ids: Mapping[str, pulumi.Input[str]],
        tags: Mapping[str, str],
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.PRIVATE_ENDPOINT, name, {}, opts)
        connection = network.PrivateLinkServiceConnectionArgs(
            name=name, private_link_service_id=target_id, group_ids=[group]
        )
        endpoint = network.PrivateEndpoint(
            name,
            private_endpoint_name=Names(environment).of("private_endpoint", name),
            resource_group_name=resource_group_name,
            location=environment.azure.location,
            # SubnetArgs would add its defaults: policies of a subnet that is not this resource's.
            subnet=network.SubnetArgsDict(id=subnet_id),
            private_link_service_connections=[connection],
            tags=dict(tags),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )
        network.PrivateDnsZoneGroup(
            name,
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=resource_group_name,
            private_dns_zone_configs=[
                network.PrivateDnsZoneConfigArgs(name=zone.replace(".", "-"), private_dns_zone_id=zone_ids[zone])
                for zone in PRIVATE_ZONES[group]
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.endpoint_id = endpoint.id
        self.register_outputs({"endpoint_id": self.endpoint_id})
