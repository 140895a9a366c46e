"""Pull requests on the five stacks of the platform, in the order in which they are made."""

from typing import Final

from tests.scenarios.scenario import Replace, Scenario

ENVIRONMENT: Final = "environments/sandbox.yaml"
_LABELS: Final = "    label-source-token:\n      content_type: API token of the labels\n      expires: 2028-01-01\n"
_SECRETS: Final = "      content_type: API token of the external feature source\n      expires: 2028-01-01\n"

REAL: Final = (
    Scenario(
        name="first deploy of the platform",
        story="Nothing exists. Four of the five stacks read from stacks that do not exist yet.",
        edits=[],
        happens={
            "identity": {"create"},
            "key_vault": {"create"},
            "sagemaker": {"create"},
            "network_storage": {"create"},
            "ml_workspace": {"create"},
        },
    ),
    Scenario(
        name="models are registered elsewhere",
        story="A group of another name on AWS; what points to it in Azure's configuration follows.",
        edits=[
            Replace(
                "stacks/sagemaker/setting.py",
                'return self.names.of("model_package_group")',
                'return self.names.of("model_package_group") + "-next"',
            )
        ],
        happens={"sagemaker": {"update", "replace"}, "ml_workspace": {"update"}},
        confirm=["mpg-mlp-sandbox-9651"],
    ),
    Scenario(
        name="another cost center",
        story="Every resource with tags gets another one, so Azure's resources are updated and their outputs unknown.",
        edits=[Replace(ENVIRONMENT, "cost_center: sandbox", "cost_center: research")],
        happens={
            "identity": {"update"},
            "key_vault": {"update"},
            "sagemaker": {"update"},
            "network_storage": {"update"},
            "ml_workspace": {"update"},
        },
    ),
    Scenario(
        name="another secret",
        story="The vault holds one more secret, and the configuration tells where it is.",
        edits=[
            Replace(
                ENVIRONMENT,
                _SECRETS,
                f"{_SECRETS}{_LABELS}",
            )
        ],
        happens={"key_vault": {"create"}, "ml_workspace": {"create"}},
    ),
    Scenario(
        name="pipeline started by hand only",
        story="New data starts no training any more.",
        edits=[Replace(ENVIRONMENT, "start_on_new_data: true", "start_on_new_data: false")],
        happens={"sagemaker": {"delete"}},
    ),
    Scenario(
        name="learning rate and a feature flag",
        story="Two values of the client's settings.",
        edits=[
            Replace(ENVIRONMENT, 'model/learning-rate: "0.1"', 'model/learning-rate: "0.2"'),
            Replace(ENVIRONMENT, "champion-challenger: false", "champion-challenger: true"),
        ],
        happens={"ml_workspace": {"update"}},
    ),
    Scenario(
        name="logs and deleted blobs are kept for longer",
        story="Three stacks change: the log workspace, flow logs and log groups, and the blob service.",
        edits=[
            Replace(ENVIRONMENT, "  retention_days: 365\n", "  retention_days: 400\n"),
            Replace(ENVIRONMENT, "  retention_days: 30\n", "  retention_days: 45\n"),
        ],
        happens={"key_vault": {"update"}, "sagemaker": {"update"}, "network_storage": {"update"}},
    ),
    Scenario(
        name="no threat detection",
        story="Defender for Storage goes, and the role of the login that turns it on.",
        edits=[Replace(ENVIRONMENT, "  defender: true\n", "  defender: false\n")],
        happens={"identity": {"update", "delete"}, "network_storage": {"update", "delete"}},
    ),
)
