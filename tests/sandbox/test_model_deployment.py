"""A model and further regions in an environment file, through the real engine, and the client's facts after it."""

import json
from pathlib import Path

import pytest

from shared.sandbox.inventory import Inventory
from stacks.ml_workspace.client.facts import Facts
from tests.sandbox.platform_copy import PlatformCopy

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

DEPLOYMENT = """  deployment:
    model: azureml:credit:3
    environment: azureml://registries/azureml/environments/sklearn-1.5/versions/20
    code: azureml:scoring:1
    scoring_script: score.py
    instance_type: Standard_DS3_v2
    instance_count: 3
"""


def _tokens(platform: PlatformCopy) -> set[str]:
    inventory = Inventory(platform.state / "inventory.sqlite")
    try:
        return {record.token for record in inventory.all()}
    finally:
        inventory.close()


def test_a_model_answers_from_the_first_day_and_goes_again(tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    file = "environments/sandbox.yaml"
    platform.change(file, "  deployment: null\n", DEPLOYMENT)
    platform.change(file, "configuration_replicas: []", "configuration_replicas: [northeurope, francecentral]")

    first = platform.run("deploy", "--yes", "--json")
    assert first.code == 0, first.stderr
    outputs = platform.run("outputs", "--json")
    facts = Facts.parse(outputs.stdout, environment="sandbox")
    assert facts.deployment == "blue"
    assert facts.scoring_uri.endswith("/score")
    published = json.loads(outputs.stdout)["ml_workspace"]["configuration_replica_endpoints"]
    assert set(published) == {"northeurope", "francecentral"}
    added = {
        "azure-native:machinelearningservices:OnlineDeployment",
        "azure-native:appconfiguration:Replica",
    }
    assert added <= _tokens(platform)
    assert set(platform.run("deploy", "--yes", "--json").results.values()) == {"unchanged"}

    platform.change(file, DEPLOYMENT, "  deployment: null\n")
    platform.change(file, "configuration_replicas: [northeurope, francecentral]", "configuration_replicas: []")
    refused = platform.run("deploy", "--yes", "--json", "--stacks", "ml_workspace")
    assert refused.code == 2
    assert "online deployment blue would be deleted" in refused.document["stacks"][0]["reason"]
    last = platform.run("deploy", "--yes", "--json", "--stacks", "ml_workspace", "--confirm", "blue")
    assert last.code == 0, last.stderr
    assert last.changes("ml_workspace") == {"delete": 3}
    assert not added & _tokens(platform)
    assert Facts.parse(platform.run("outputs", "--json").stdout, environment="sandbox").deployment is None
