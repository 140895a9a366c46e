"""What a resource shows, and where secrets are in it."""

from shared.sandbox.model import Request, ResourceModel
from shared.sandbox.wire import Json, Properties, Secret, hashed, is_list, is_mapping


def all_outputs(model: ResourceModel, asked: Request, inputs: Properties) -> Properties:
    """Return the outputs of `model`, in which what comes from a secret input is a secret."""
    echoed = {key: value for key, value in inputs.items() if key not in model.write_only}
    shaped = {key: with_secrets(value, inputs.get(key)) for key, value in model.outputs(asked).items()}
    return {**echoed, **shaped}


def with_secrets(stored: Json, known: Json) -> Json:
    """Return `stored` with the hashes of secrets replaced by the secrets that the engine knows, where they match."""
    if isinstance(known, Secret):
        return known if hashed(known) == stored else Secret(stored)
    if is_mapping(stored) and is_mapping(known):
        return {key: with_secrets(value, known.get(key)) for key, value in stored.items()}
    if is_list(stored) and is_list(known) and len(stored) == len(known):
        return [with_secrets(one, other) for one, other in zip(stored, known, strict=True)]
    return stored
