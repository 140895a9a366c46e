"""What AWS answers about the login, the region and the partition."""

from collections.abc import Callable

from shared.sandbox.catalog.aws.account import global_arn, partition
from shared.sandbox.errors import CloudError
from shared.sandbox.model import FunctionModel, Request
from shared.sandbox.wire import Properties


def _caller(request: Request) -> Properties:
    return {
        "id": request.cloud.account_id,
        "accountId": request.cloud.account_id,
        "arn": global_arn(request, "iam", "user/sandbox"),
        "userId": "AIDASANDBOXSANDBOX000",
    }


def _region(request: Request) -> Properties:
    where = request.text("region") or request.text("name") or request.cloud.region
    if where != request.cloud.region:
        raise CloudError("NotModelled", f"the sandbox simulates the region {request.cloud.region}, not {where}")
    return {
        "id": where,
        "name": where,
        "region": where,
        "description": f"{where} (simulated)",
        "endpoint": f"ec2.{where}.{_dns_suffix(where)}",
    }


def _partition(request: Request) -> Properties:
    suffix = _dns_suffix(request.cloud.region)
    found = partition(request.cloud.region)
    return {
        "id": found,
        "partition": found,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _dns_suffix(region: str) -> str:
    return "amazonaws.com.cn" if partition(region) == "aws-cn" else "amazonaws.com"


_ANSWERS: dict[str, tuple[str, Callable[[Request], Properties]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": ("id", _caller),
    "aws:index/getRegion:getRegion": ("endpoint id name region", _region),
    "aws:index/getPartition:getPartition": ("id", _partition),
}

FUNCTIONS = {
    token: FunctionModel(token=token, properties=frozenset(properties.split()), result=answer)
    for token, (properties, answer) in _ANSWERS.items()
}
