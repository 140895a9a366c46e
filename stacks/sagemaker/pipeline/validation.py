"""Validation of a definition before AWS sees it.

Not with the JSON schema that Amazon publishes: it refuses what Amazon's own SDK emits (docs/adr/0006).
"""

from stacks.sagemaker.pipeline.document import parsed
from stacks.sagemaker.pipeline.isolation import check_isolation
from stacks.sagemaker.pipeline.limits import check_document, check_step
from stacks.sagemaker.pipeline.placement import placed_steps
from stacks.sagemaker.pipeline.plain_secrets import check_no_secrets
from stacks.sagemaker.pipeline.references import check_references


def validated(text: str, *, vpc: bool) -> str:
    """Return `text`, a definition in JSON, as it is. vpc: whether its jobs must run in a VPC.

    Raises DefinitionError with the first problem: size, shape, names, limits, references, circles, isolation, secrets.
    """
    document = parsed(text)
    steps = placed_steps(document)
    check_document(document, len(steps))
    check_references(document, steps)
    for placed in steps.values():
        check_step(placed.step)
        check_isolation(placed.step, vpc=vpc)
        check_no_secrets(placed.name, placed.own)
    check_no_secrets("", document.model_dump(exclude={"Steps"}))
    return text
