"""The jobs' VPC has no way to the internet, and endpoints instead."""

from tests.unit.sample_environments import ACCOUNT
from tests.unit.stack_mocks import Run


def test_subnets_are_private_and_in_their_zones(prod_shaped: Run) -> None:
    found = {
        each.inputs["availabilityZone"]: (each.inputs["cidrBlock"], each.inputs["mapPublicIpOnLaunch"])
        for each in prod_shaped.all("Subnet").values()
    }
    assert found == {"eu-west-1a": ("10.41.0.0/24", False), "eu-west-1b": ("10.41.1.0/24", False)}
    assert len(prod_shaped.all("RouteTableAssociation")) == 2


def test_nothing_leads_to_the_internet(prod_shaped: Run) -> None:
    kinds = {each.type.rsplit(":")[-1] for each in prod_shaped.resources}
    assert not kinds & {"InternetGateway", "NatGateway", "Route", "Eip"}
    assert "routes" not in prod_shaped.one("RouteTable", "private").inputs


def test_default_security_group_lets_nothing_through(prod_shaped: Run) -> None:
    default = prod_shaped.one("DefaultSecurityGroup")
    assert "ingress" not in default.inputs
    assert "egress" not in default.inputs


def test_jobs_reach_endpoints_s3_and_each_other_only(prod_shaped: Run) -> None:
    rules = {each.name: each.inputs for each in prod_shaped.all("SecurityGroupEgressRule").values()}
    assert set(rules) == {"jobs-to-endpoints", "jobs-to-s3", "jobs-to-jobs"}
    assert rules["jobs-to-s3"]["prefixListId"] == "pl-s3"
    assert rules["jobs-to-endpoints"]["referencedSecurityGroupId"] == "securitygroup-endpoints"
    assert rules["jobs-to-jobs"]["referencedSecurityGroupId"] == "securitygroup-jobs"
    everywhere = [
        *prod_shaped.all("SecurityGroupEgressRule").values(),
        *prod_shaped.all("SecurityGroupIngressRule").values(),
    ]
    assert not [each for each in everywhere if "cidrIpv4" in each.inputs or "cidrIpv6" in each.inputs]


def test_endpoints_admit_jobs_over_tls(prod_shaped: Run) -> None:
    rule = prod_shaped.one("SecurityGroupIngressRule", "jobs-to-endpoints").inputs
    assert rule["securityGroupId"] == "securitygroup-endpoints"
    assert rule["referencedSecurityGroupId"] == "securitygroup-jobs"
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)


def test_endpoints_of_all_services_that_jobs_use(prod_shaped: Run) -> None:
    interfaces = [
        each for each in prod_shaped.all("VpcEndpoint").values() if each.inputs["vpcEndpointType"] == "Interface"
    ]
    services = {each.inputs["serviceName"].removeprefix("com.amazonaws.eu-west-1.") for each in interfaces}
    assert services == {
        "sagemaker.api",
        "sagemaker.runtime",
        "ecr.api",
        "ecr.dkr",
        "logs",
        "monitoring",
        "sts",
        "kms",
    }
    for each in interfaces:
        assert each.inputs["privateDnsEnabled"] is True
        assert each.inputs["securityGroupIds"] == ["securitygroup-endpoints"]
        assert each.inputs["subnetIds"] == ["subnet-private-a", "subnet-private-b"]
        for statement in prod_shaped.policy("VpcEndpoint", each.name).values():
            assert statement["Condition"]["StringEquals"] == {"aws:PrincipalAccount": ACCOUNT}


def test_gateway_to_s3_lets_through_our_bucket_and_image_layers(prod_shaped: Run) -> None:
    gateway = prod_shaped.one("VpcEndpoint", "s3").inputs
    assert gateway["vpcEndpointType"] == "Gateway"
    assert gateway["routeTableIds"] == ["routetable-private"]
    policy = prod_shaped.policy("VpcEndpoint", "s3")
    assert set(policy) == {"Bucket", "Read", "Write", "ImageLayers"}
    bucket = f"arn:aws:s3:::{prod_shaped.outputs['artifact_bucket']}"
    for sid in ("Bucket", "Read", "Write"):
        assert all(resource.startswith(bucket) for resource in policy[sid]["Resource"])
        assert policy[sid]["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
