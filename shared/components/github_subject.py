"""What GitHub's OIDC tokens say about the workflow that asks for a login.

Forms of the subject: GitHub's "OpenID Connect reference". A job that names a GitHub environment has that
environment's subject, whatever started it.
"""

from typing import Literal

from shared.environment import Environment

ISSUER = "https://token.actions.githubusercontent.com"
Role = Literal["preview", "deploy", "identity"]
ROLES: tuple[Role, ...] = ("preview", "deploy", "identity")


def github_environment(environment: Environment, role: Role) -> str:
    """Return the name of the GitHub environment whose jobs have `role`: prod-preview, prod, prod-identity."""
    return environment.name if role == "deploy" else f"{environment.name}-{role}"


def subject(environment: Environment, role: Role) -> str:
    """Return the `sub` claim of those jobs, in the style of the repository. Clouds compare it exactly."""
    github = environment.github
    owner, repository = github.organization, github.repository
    if github.subject_style == "immutable":
        owner, repository = f"{owner}@{github.organization_id}", f"{repository}@{github.repository_id}"
    return f"repo:{owner}/{repository}:environment:{github_environment(environment, role)}"
