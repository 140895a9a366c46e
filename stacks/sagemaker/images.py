"""Which ECR repository an image comes from."""

import re

import pulumi

_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<repository>[a-z0-9][a-z0-9._/-]*)"
    r"(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})"
)


class NotAnEcrImageError(pulumi.RunError):
    """An image that is not in ECR: jobs without internet cannot pull it. image is a field."""

    def __init__(self, image: str) -> None:
        self.image = image
        super().__init__(
            f"sagemaker.training_image {image!r} is not an ECR image with a tag or digest; "
            "use <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>"
        )


def repository_arn(image: str) -> str:
    """Return the ARN of the ECR repository that holds `image`. Raises NotAnEcrImageError."""
    match = _IMAGE.fullmatch(image)
    if match is None:
        raise NotAnEcrImageError(image)
    return f"arn:aws:ecr:{match['region']}:{match['account']}:repository/{match['repository']}"
