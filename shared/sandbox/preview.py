"""Which outputs are known before the cloud has answered."""

from shared.sandbox.wire import UNKNOWN, Json, Properties, Secret, is_list, is_mapping


def known_outputs(inputs: Properties, outputs: Properties) -> Properties:
    """Return `outputs` with everything that the inputs do not say replaced by unknown."""
    return {key: _known(inputs.get(key), value) for key, value in outputs.items()}


def _known(said: Json, value: Json) -> Json:
    if is_mapping(said) and is_mapping(value):
        return {key: _known(said.get(key), item) for key, item in value.items()}
    if is_list(said) and is_list(value) and len(said) == len(value):
        return [_known(one, item) for one, item in zip(said, value, strict=True)]
    return value if said == value or isinstance(value, Secret) else UNKNOWN
