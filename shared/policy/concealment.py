"""Secrets do not reach rendered files: each becomes one fixed word, whatever it was."""

from shared.policy.json_value import Json, is_list, is_mapping

CONCEALED = "concealed"
# How a state marks a secret or an asset: sdk/go/common/resource/sig of Pulumi.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_MARKED = "1b47061264138c4ac30d75fd1eb44270"
_SHOWN = "[secret]"


def concealed(value: Json) -> Json:
    """Return `value` with every secret in it replaced by CONCEALED."""
    if is_mapping(value):
        if value.get(_SIGNATURE) == _MARKED:
            return CONCEALED
        return {key: concealed(item) for key, item in value.items()}
    if is_list(value):
        return [concealed(item) for item in value]
    return CONCEALED if value == _SHOWN else value
