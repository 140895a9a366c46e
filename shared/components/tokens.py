"""The type tokens of all components, in one table.

A token is part of the URN of every child: changing one replaces what lies below it, unless the old one is an alias.
"""

from typing import Final

CUSTOMER_MANAGED_KEY: Final = "mlplatform:encryption:CustomerManagedKey"
DIAGNOSTIC_LOGS: Final = "mlplatform:monitoring:DiagnosticLogs"
ENCRYPTED_BUCKET: Final = "mlplatform:storage:EncryptedBucket"
GITHUB_APPLICATION: Final = "mlplatform:identity:GitHubApplication"
GITHUB_ROLE: Final = "mlplatform:identity:GitHubRole"
PRIVATE_ENDPOINT: Final = "mlplatform:network:PrivateEndpoint"
ROLE_ASSIGNMENTS: Final = "mlplatform:access:RoleAssignments"
SCOPED_ROLE: Final = "mlplatform:identity:ScopedRole"
