"""Conditions of Azure role assignments are read as Azure reads them, and what is not understood is refused."""

import pytest

from shared.permissions.errors import UnknownGrantError
from shared.permissions.role_condition import Asked, condition_test

WRITE = "Microsoft.Authorization/roleAssignments/write"
DELETE = "Microsoft.Authorization/roleAssignments/delete"
ROLE = "Microsoft.Authorization/roleAssignments:RoleDefinitionId"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ONLY_READER = (
    f"((!(ActionMatches{{'{WRITE}'}})) OR (@Request[{ROLE}] ForAnyOfAnyValues:GuidEquals {{{READER}}})) AND "
    f"((!(ActionMatches{{'{DELETE}'}})) OR (@Resource[{ROLE}] ForAnyOfAnyValues:GuidEquals {{{READER}}}))"
)


def allowed(condition: str, action: str, **attributes: str) -> bool:
    named = {f"@{source}[{ROLE}]": value for source, value in attributes.items()}
    return condition_test(condition)(Asked(action=action, attributes=named))


@pytest.mark.parametrize(
    ("action", "attributes", "expected"),
    [
        (WRITE, {"Request": READER}, True),
        (WRITE, {"Request": READER.upper()}, True),
        (WRITE, {"Request": OWNER}, False),
        (WRITE, {"Resource": READER}, False),
        (DELETE, {"Resource": READER}, True),
        (DELETE, {"Resource": OWNER}, False),
        (DELETE, {}, False),
        ("Microsoft.Storage/storageAccounts/write", {}, True),
    ],
)
def test_only_the_named_role_is_granted_and_taken_away(action: str, attributes: dict[str, str], expected: bool) -> None:
    assert allowed(ONLY_READER, action, **attributes) is expected


def test_words_symbols_and_the_other_operators_are_understood() -> None:
    not_owner = f"@Request[{ROLE}] ForAnyOfAllValues:GuidNotEquals {{{OWNER}, {READER}}}"
    either = f"@Request[{ROLE}] GuidEquals {OWNER} || @Request[{ROLE}] StringEqualsIgnoreCase '{READER}'"
    assert allowed(f"NOT ({not_owner})", WRITE, Request=OWNER)
    assert allowed(f"{not_owner} && !({either})", WRITE, Request="another")
    assert allowed(either, WRITE, Request=READER)


def test_and_binds_more_than_or() -> None:
    yes, no = f"@Request[{ROLE}] GuidEquals {READER}", f"@Request[{ROLE}] GuidEquals {OWNER}"
    assert allowed(f"{yes} OR {no} AND {no}", WRITE, Request=READER)


@pytest.mark.parametrize(
    "text",
    [
        f"@Request[{ROLE}] ForAllOfAnyValues:GuidEquals {{{READER}}}",
        f"@Request[{ROLE}] ForAnyOfAnyValues:GuidEquals {{{READER}",
        f"(@Request[{ROLE}] GuidEquals {READER}",
        f"@Request[{ROLE}] GuidEquals {READER} surplus",
        "SubOperationMatches{'x'}",
        "ActionMatches{",
        "%",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(UnknownGrantError, match="is not understood"):
        condition_test(text)
