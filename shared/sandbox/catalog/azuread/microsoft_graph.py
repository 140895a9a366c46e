"""Microsoft Graph as an application that every tenant has: its principal, and permissions that it can give.

Ids: Microsoft's "Microsoft Graph permissions reference" (application permissions), of which these are known here.
"""

import uuid

from shared.sandbox.model import CloudIds

CLIENT_ID = "00000003-0000-0000-c000-000000000000"
NAME = "Microsoft Graph"
PERMISSIONS = {
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
    "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "Group.Create": "bf7b1a76-6e77-406b-b258-bf5c7720e98f",
    "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
    "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
}


def object_id_of_graph(cloud: CloudIds) -> str:
    """Return the object id of Graph's principal in the simulated tenant."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cloud.tenant_id}/{CLIENT_ID}"))
