"""A key of AWS KMS that wraps data keys.

`Encrypt` and `Decrypt` with an encryption context, as the AWS Key Management Service API Reference has them: KMS
authenticates the context, and it stands in CloudTrail's events.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

from shared.plan_set.errors import PlanSetKeyError, WrapRefusedError

_SECONDS: Final = 10
_LOG_IN: Final = "run aws sso login, or set AWS_PROFILE"
_REFUSED: Final = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
_FIXES: Final[Mapping[str, str]] = {
    "AccessDeniedException": "ask for kms:Encrypt to save plan sets, and for kms:Decrypt to deploy them",
    "NotFoundException": "name a key that exists in state.plan_set_key",
    "DisabledException": "enable the key",
    "KMSInvalidStateException": "enable the key, or cancel its deletion",
    "InvalidKeyUsageException": "name a symmetric encryption key in state.plan_set_key",
}
# `awssdk` chooses the library's version in Pulumi's URLs, and means nothing here.
_PARAMETERS: Final = frozenset({"region", "profile", "awssdk"})


class Kms(Protocol):
    """The part of the client of AWS KMS that is used here. Both methods raise BotoCoreError or ClientError."""

    def encrypt(self, **arguments: Any) -> Mapping[str, Any]:
        """Return a mapping with `CiphertextBlob`."""
        ...

    def decrypt(self, **arguments: Any) -> Mapping[str, Any]:
        """Return a mapping with `Plaintext`."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class AwsKey:
    """A key of AWS KMS. key_id: id, alias or ARN; region and profile: None for those of the login."""

    url: str
    key_id: str
    region: str | None
    profile: str | None

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Return the ciphertext blob of `data_key`. Raises PlanSetKeyError."""
        arguments = {"KeyId": self.key_id, "Plaintext": data_key, "EncryptionContext": _context(context)}
        return bytes(self._call("encrypt", **arguments)["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key. Raises PlanSetKeyError, WrapRefusedError."""
        # With the key's id: without it KMS would use whatever key the ciphertext names.
        arguments = {"KeyId": self.key_id, "CiphertextBlob": wrapped, "EncryptionContext": _context(context)}
        return bytes(self._call("decrypt", **arguments)["Plaintext"])

    def _call(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client = self._client()
            answer: Mapping[str, Any] = (
                client.encrypt(**arguments) if operation == "encrypt" else client.decrypt(**arguments)
            )
        except ClientError as error:
            raise self._refusal(str(error.response.get("Error", {}).get("Code", "an unknown error"))) from None
        except BotoCoreError as error:
            # Only the kind of the error: its text may quote what a credential helper said.
            problem = f"AWS did not answer ({type(error).__name__})"
            raise PlanSetKeyError(url=self.url, problem=problem, fix=_LOG_IN) from None
        return answer

    def _client(self) -> Kms:
        import boto3
        from botocore.config import Config

        settings = Config(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 3})
        session = boto3.Session(region_name=self.region, profile_name=self.profile)
        client: Any = session.client("kms", config=settings)
        return client

    def _refusal(self, code: str) -> Exception:
        if code in _REFUSED:
            return WrapRefusedError(url=self.url)
        return PlanSetKeyError(url=self.url, problem=f"AWS refused with {code}", fix=_FIXES.get(code, _LOG_IN))


def aws_key(url: str) -> AwsKey:
    """Return the key that an `awskms://` URL means, in the form of Pulumi's secrets providers. Raises PlanSetKeyError.

    `awskms://alias/name?region=eu-west-1`, `awskms://<id>?region=…` and `awskms:///arn:aws:kms:…`, each with `profile`.
    """
    parts = urlsplit(url)
    key_id = f"{parts.netloc}{parts.path}".removeprefix("/")
    parameters = dict(parse_qsl(parts.query))
    strange = sorted(parameters.keys() - _PARAMETERS)
    if parts.scheme != "awskms" or not key_id or strange:
        problem = f"its URL has the parameter {strange[0]}" if strange else "its URL is not one of AWS KMS"
        raise PlanSetKeyError(url=url, problem=problem, fix="write it as awskms://alias/NAME?region=REGION")
    return AwsKey(
        url=url, key_id=key_id, region=parameters.get("region") or _region(key_id), profile=parameters.get("profile")
    )


def _region(key_id: str) -> str | None:
    """Return the region in an ARN (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), None for what is no ARN."""
    fields = key_id.split(":")
    return fields[3] if fields[0] == "arn" and len(fields) > 3 and fields[3] else None  # noqa: PLR2004  the fourth field


def _context(environment: str) -> dict[str, str]:
    return {"ml-platform:plan-set": environment}
