"""A login on Azure and Entra for GitHub Actions, without a password."""

from collections.abc import Sequence

import pulumi
import pulumi_azuread as entra

from shared.components import tokens
from shared.components.github_subject import ISSUER, Role, github_environment, subject
from shared.environment import Environment
from shared.naming import Names


class GitHubApplication(pulumi.ComponentResource):
    """An Entra application that trusts the jobs of one GitHub environment, and nobody else.

    owners: object ids. With the Graph permission Application.ReadWrite.OwnedBy only owners may change it.
    """

    client_id: pulumi.Output[str]
    principal_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        environment: Environment,
        role: Role,
        owners: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.GITHUB_APPLICATION, name, {}, opts)
        application = entra.Application(
            name,
            display_name=Names(environment).of("entra_application", name),
            sign_in_audience="AzureADMyOrg",
            owners=owners,
            prevent_duplicate_names=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        principal = entra.ServicePrincipal(
            name, client_id=application.client_id, owners=owners, opts=pulumi.ResourceOptions(parent=self)
        )
        entra.ApplicationFederatedIdentityCredential(
            name,
            application_id=application.id,
            display_name=f"github-{github_environment(environment, role)}",
            issuer=ISSUER,
            audiences=["api://AzureADTokenExchange"],
            subject=subject(environment, role),
            # Entra refuses a second credential with the same issuer and subject, also one that only has a new name.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.client_id = application.client_id
        self.principal_id = principal.object_id
        self.register_outputs({"client_id": self.client_id, "principal_id": self.principal_id})
