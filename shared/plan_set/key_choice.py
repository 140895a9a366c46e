"""Which key an environment's plan sets have."""

from pathlib import Path

from shared.environment import Environment
from shared.plan_set.errors import PlanSetKeyError
from shared.plan_set.keys import PlanSetKey


def key_of(environment: Environment, state: Path | None) -> PlanSetKey:
    """Return the key of the environment's plan sets.

    state: the state folder where the clouds are simulated (the rehearsal of a real environment too), whose key is a
    file; None on real clouds, whose key is the one that the environment file names. That key is not used yet, so no
    login is needed. Raises PlanSetKeyError.
    """
    if state is not None:
        from shared.plan_set.local_key import local_key

        return local_key(state)
    url = environment.state.plan_set_key
    if url is None:
        problem = f"environments/{environment.name}.yaml: state.plan_set_key is null"
        raise PlanSetKeyError(url="of plan sets", problem=problem, fix="name a key there")
    if url.startswith("awskms:"):
        from shared.plan_set.aws_key import aws_key

        return aws_key(url)
    from shared.plan_set.azure_key import azure_key

    return azure_key(url, subscription=str(environment.azure.subscription_id or ""))
