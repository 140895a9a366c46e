"""A run as JUnit XML: what CI systems count, for whatever texts there are."""

import re
from xml.etree import ElementTree as ET

from hypothesis import given, settings

from shared.reporting.junit import junit
from shared.reporting.model import OperationReport, RunReport
from tests.unit.reporting.sample_reports import BROKEN, FAILED_RUN, report, reports, stack, step

# What junit-10.xsd of Jenkins' xUnit plugin allows, as far as it is used: the attributes of each element, those that
# it must have, and the elements that may be in it.
_ALLOWED: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "time", "tests", "failures", "errors", "skipped", "timestamp"},
        {"name", "tests", "failures", "errors"},
        {"testcase"},
    ),
    "testcase": ({"name", "classname", "time"}, {"name"}, {"skipped", "error", "failure"}),
    "skipped": ({"message", "type"}, set(), set()),
    "error": ({"message", "type"}, set(), set()),
    "failure": ({"message", "type"}, set(), set()),
}
_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def parsed(found: RunReport) -> ET.Element:
    return ET.fromstring(junit(found))  # noqa: S314  it is our own


def assert_valid(element: ET.Element) -> None:
    allowed, required, children = _ALLOWED[element.tag]
    assert required <= set(element.attrib) <= allowed
    assert _TIME.fullmatch(element.get("time", ""))
    assert {child.tag for child in element} <= children
    if children:
        assert not (element.text or "").strip()
    for child in element:
        assert_valid(child)


def assert_counted(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    assert element.get("tests") == str(len(cases))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        if attribute in element.attrib:
            assert element.get(attribute) == str(sum(case.find(tag) is not None for case in cases))


@settings(max_examples=40)
@given(reports)
def test_every_report_is_a_document_that_ci_systems_read(found: RunReport) -> None:
    root = parsed(found)
    assert_valid(root)
    for element in (root, *root.iter("testsuite")):
        assert_counted(element)
    assert len(list(root.iter("testsuite"))) == len(found.stacks) + bool(found.error)


def verdicts(found: RunReport) -> dict[str, list[tuple[str, str, str]]]:
    """Return the cases of each suite, as name, verdict and message."""
    return {suite.get("name", ""): [verdict(case) for case in suite] for suite in parsed(found)}


def verdict(case: ET.Element) -> tuple[str, str, str]:
    name = case.get("name", "")
    return (name, case[0].tag, case[0].get("message", "")) if len(case) else (name, "", "")


def test_a_run_is_a_suite_per_stack_with_a_case_for_it_and_for_each_step() -> None:
    group = "create azure-native:resources:ResourceGroup"
    assert verdicts(FAILED_RUN) == {
        "identity": [("deploy identity", "", ""), (f"{group} main", "", ""), (f"{group} role", "", "")],
        "key_vault": [
            ("deploy key_vault", "failure", FAILED_RUN.stacks[1].reason),
            (f"{group} group", "", ""),
            (f"{group} vault", "failure", "VaultAlreadyExists: the name is taken"),
            (f"{group} key", "error", "the run ended before this did"),
        ],
        "sagemaker": [
            ("deploy sagemaker", "skipped", "did not run because key_vault failed (because of key_vault)"),
        ],
        "costs": [("deploy costs", "error", "the run was stopped")],
        "notes": [("deploy notes", "skipped", "the run was stopped")],
    }


def test_times_and_groups_are_those_of_the_run() -> None:
    root = parsed(FAILED_RUN)
    suite = root[1]
    assert (root.get("name"), root.get("time")) == ("deploy of prod", "63.000")
    assert (suite.get("time"), suite.get("timestamp")) == ("20.000", "2026-11-20T09:30:00")
    assert [(case.get("classname"), case.get("time")) for case in suite][2:] == [
        ("prod.key_vault", "18.000"),
        ("prod.key_vault", "0.000"),
    ]
    assert (suite[2][0].text or "").splitlines()[1].startswith("urn:pulumi:")


def test_a_preview_has_a_case_for_each_operation() -> None:
    def operation(**kinds: str) -> OperationReport:
        fields = {"urn": "u", "type": "a:b:C", "name": "one", "properties": (), "reasons": ()}
        return OperationReport.model_validate({"certain": None, "possible": None, **fields, **kinds})

    found = report(stack("s", operations=(operation(certain="update"), operation(possible="replace"))))
    assert [name for name, *_ in verdicts(found)["s"]] == ["deploy s", "update a:b:C one", "perhaps replace a:b:C one"]


def test_what_drifted_has_failed() -> None:
    one = OperationReport(
        urn="u", type="a:b:C", name="one", certain="update", possible=None, properties=("tags", "sku"), reasons=()
    )
    gone = one.model_copy(update={"name": "gone", "certain": "delete", "properties": ()})
    found = report(stack("s", operations=(one, gone)), command="drift", exit_code=10, differences="found")
    assert verdicts(found)["s"] == [
        ("drift s", "", ""),
        ("differs a:b:C one", "failure", "the cloud differs from the state in tags, sku"),
        ("gone a:b:C gone", "failure", "the cloud differs from the state in whether it is there"),
    ]
    accepted = found.model_copy(update={"exit_code": 0, "differences": "accepted"})
    assert verdicts(accepted)["s"][1:] == [("differs a:b:C one", "", ""), ("gone a:b:C gone", "", "")]


def test_a_run_that_did_not_begin_is_one_failed_case() -> None:
    assert verdicts(BROKEN) == {"deploy of prod": [("deploy", "error", "--stacks: names no stack")]}
    assert "timestamp" not in parsed(BROKEN)[0].attrib


def test_control_characters_and_colours_are_taken_out() -> None:
    found = report(stack("s", steps=(step("\x1b[1mx\x00\ufffe\u202ey", 0, 1),)))
    assert parsed(found)[0][1].get("name") == "create azure-native:resources:ResourceGroup xy"
