"""Tags that every resource carries. Never the commit: it would turn each merge into an update of every resource."""

from shared.environment import Environment


def tags(environment: Environment, stack: str) -> dict[str, str]:
    """Return the tags of the resources of `stack` in `environment`."""
    return {
        "environment": environment.name,
        "platform": environment.platform,
        "stack": stack,
        "owner": environment.tags.owner,
        "cost-center": environment.tags.cost_center,
        "managed-by": "pulumi",
        "repository": f"{environment.github.organization}/{environment.github.repository}",
    }
