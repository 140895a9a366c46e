"""The scripts of the jobs, in the artifact bucket."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Final

import pulumi
from pulumi_aws import s3

from shared.components.encrypted_bucket import EncryptedBucket
from stacks.sagemaker import layout
from stacks.sagemaker.setting import Setting

SCRIPTS: Final = ("preprocess.py", "train.py", "evaluate.py")
_FOLDER: Final = Path(__file__).resolve().parent / "scripts"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingCode:
    """Where the scripts are. prefix: their folder in the bucket, with a slash at its end."""

    prefix: str
    objects: tuple[s3.BucketObjectv2, ...]


def code_prefix(folder: Path = _FOLDER) -> str:
    """Return the folder of the scripts in the bucket.

    It is named by their content: another script is another definition, and an execution never sees half of a change.
    """
    digest = hashlib.sha256()
    for script in SCRIPTS:
        content = (folder / script).read_bytes()
        digest.update(f"{script} {len(content)}\n".encode() + content)
    return f"{layout.CODE}/{digest.hexdigest()[:16]}/"


def training_code(setting: Setting, bucket: EncryptedBucket, key_arn: pulumi.Input[str]) -> TrainingCode:
    """Upload the scripts. The bucket refuses them before it is encrypted, so they wait for all of it."""
    prefix = code_prefix()
    objects = tuple(
        s3.BucketObjectv2(
            script.removesuffix(".py"),
            bucket=bucket.bucket,
            key=f"{prefix}{script}",
            content=(_FOLDER / script).read_text(encoding="utf-8"),
            content_type="text/x-python",
            server_side_encryption="aws:kms",
            kms_key_id=key_arn,
            tags=setting.tags,
            opts=uploaded(setting, bucket),
        )
        for script in SCRIPTS
    )
    return TrainingCode(prefix=prefix, objects=objects)


def uploaded(setting: Setting, bucket: EncryptedBucket) -> pulumi.ResourceOptions:
    """Return how an object of the stack is made and deleted: after all of its bucket; not at all where it is locked."""
    locked = setting.environment.sagemaker.object_lock_days is not None
    return pulumi.ResourceOptions(depends_on=[bucket], retain_on_delete=locked)
