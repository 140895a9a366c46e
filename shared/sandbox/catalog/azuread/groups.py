"""Groups of Entra and their members."""

from shared.sandbox.catalog.azuread.graph import (
    GROUP,
    check_principals,
    deployer,
    duplicate_name,
    entra,
    find_object,
    not_found,
    object_id,
)
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties


def _check_group(request: Request) -> None:
    enabled = [request.inputs.get(key) is True for key in ("mailEnabled", "securityEnabled")]
    if not any(enabled):
        raise CloudError("InvalidConfiguration", "at least one of mailEnabled and securityEnabled must be true")
    check_principals(request, ["owners", "members"])
    if request.inputs.get("preventDuplicateNames") is not True:
        return
    for other in request.existing.of_type(GROUP):
        if other.id != request.id and other.inputs["displayName"] == request.text("displayName"):
            raise duplicate_name("group", request)


def _group_outputs(request: Request) -> Properties:
    return {
        "objectId": object_id(request.id),
        "mail": "",
        "mailNickname": request.text("mailNickname") or request.hex("mail nickname", 9),
        "onpremisesDomainName": "",
        "onpremisesNetbiosName": "",
        "onpremisesSamAccountName": "",
        "onpremisesSecurityIdentifier": "",
        "onpremisesSyncEnabled": False,
        "owners": request.inputs.get("owners") or [deployer(request.cloud)],
        "preferredLanguage": "",
        "proxyAddresses": [],
    }


def _check_member(request: Request) -> None:
    if request.existing.find(f"/groups/{request.text('groupObjectId')}", GROUP) is None:
        raise not_found(request.text("groupObjectId"))
    member = request.text("memberObjectId")
    if member != deployer(request.cloud) and find_object(request, member) is None:
        raise not_found(member)


MODELS = (
    entra(
        "group:Group",
        properties="administrativeUnitIds assignableToRole autoSubscribeNewMembers behaviors description"
        " dynamicMembership externalSendersAllowed hideFromAddressLists hideFromOutlookClients mailEnabled"
        " mailNickname members onpremisesGroupType owners preventDuplicateNames provisioningOptions securityEnabled"
        " theme types visibility writebackEnabled",
        required="displayName",
        name=NameRule(property="displayName", pattern=r".{1,256}", code="Request_BadRequest"),
        make_id=lambda request: f"/groups/{request.guid('group')}",
        check=_check_group,
        defaults={
            "autoSubscribeNewMembers": False,
            "externalSendersAllowed": False,
            "hideFromAddressLists": False,
            "hideFromOutlookClients": False,
            "mailEnabled": False,
            "members": [],
            "onpremisesGroupType": "",
            "preventDuplicateNames": False,
            "securityEnabled": False,
            "visibility": "",
            "writebackEnabled": False,
        },
        outputs=_group_outputs,
        replace_on="assignableToRole behaviors mailNickname provisioningOptions types",
    ),
    entra(
        "groupMember:GroupMember",
        required="groupObjectId memberObjectId",
        make_id=lambda request: f"{request.text('groupObjectId')}/member/{request.text('memberObjectId')}",
        taken_code="Request_BadRequest",
        check=_check_member,
        replace_on="groupObjectId memberObjectId",
    ),
)
