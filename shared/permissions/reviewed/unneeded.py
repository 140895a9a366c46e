"""Actions that a login is granted and that no operation needs, each with the reason why it stays."""

from collections.abc import Mapping
from typing import Final

# By policy and action, as it is written.
UNNEEDED: Final[Mapping[tuple[str, str], str]] = {
    ("role gha-deploy", "s3:AbortMultipartUpload"): "an upload that was interrupted leaves parts, which cost",
}
