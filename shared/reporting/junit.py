"""A run's report as JUnit XML, for the test pages of CI systems.

Element and attribute names are those of junit-10.xsd of Jenkins' xUnit plugin, the strictest of what is in use: it
knows no attribute `skipped` of testsuites and no `file` of testcase.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from shared.reporting.model import RunReport, StackReport
from shared.reporting.plain_text import one_line, plain
from shared.reporting.signs import kind_word

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def junit(report: RunReport) -> str:
    """Return the report as a document: a suite for each stack, with a case for it and one for each operation.

    A run that did not get as far as its stacks is one suite with one case that failed.
    """
    title = one_line(f"{report.command} of {report.environment or 'no environment'}")
    suites = [_suite(report, stack) for stack in report.stacks]
    if report.error:
        suites.insert(0, _counted(title, report, report.seconds, [_broken(title, report.command, report.error)]))
    cases = [case for suite in suites for case in suite.iter("testcase")]
    root = ET.Element("testsuites", {"name": title, "time": f"{report.seconds:.3f}", **_counts(cases)})
    root.extend(suites)
    ET.indent(root)
    return f"{_HEAD}{ET.tostring(root, encoding='unicode')}\n"


def _suite(report: RunReport, stack: StackReport) -> ET.Element:
    group = one_line(f"{report.environment}.{stack.name}")
    cases = [_stack_case(stack, one_line(f"{report.command} {stack.name}"), group)]
    if stack.steps and not report.differences:
        for step in stack.steps:
            seconds = 0.0 if step.ended is None else step.ended - step.began
            case = _case(f"{step.operation} {step.type} {step.name}", group, seconds)
            if step.result == "failed":
                _add(case, "failure", step.error or "it failed", f"{step.error}\n{step.urn}")
            elif step.result == "unfinished":
                _add(case, "error", "the run ended before this did", step.urn)
            cases.append(case)
    else:
        for one in stack.operations:
            word = kind_word(one.certain, report.tense) or f"perhaps {kind_word(one.possible, report.tense)}"
            case = _case(f"{word} {one.type} {one.name}", group, 0.0)
            if report.differences == "found":
                what = ", ".join(one.properties) or "whether it is there"
                _add(case, "failure", f"the cloud differs from the state in {what}", one.urn)
            cases.append(case)
    return _counted(one_line(stack.name), report, stack.seconds, cases)


def _stack_case(stack: StackReport, name: str, group: str) -> ET.Element:
    case = _case(name, group, stack.seconds)
    if stack.result == "failed":
        _add(case, "failure", stack.reason or "it failed", stack.reason)
    elif stack.result == "cancelled" and stack.began is not None:
        _add(case, "error", stack.reason or "it was stopped", stack.reason)
    elif stack.result in {"skipped", "cancelled"}:
        cause = f" (because of {stack.cause})" if stack.cause else ""
        _add(case, "skipped", f"{stack.reason}{cause}", "")
    return case


def _broken(title: str, command: str, sentence: str) -> ET.Element:
    case = _case(command, title, 0.0)
    _add(case, "error", sentence, sentence)
    return case


def _case(name: str, group: str, seconds: float) -> ET.Element:
    return ET.Element("testcase", name=one_line(name), classname=group, time=f"{max(0.0, seconds):.3f}")


def _add(case: ET.Element, tag: str, message: str, text: str) -> None:
    found = ET.SubElement(case, tag, message=one_line(message), type=tag)
    found.text = plain(text)


def _counted(name: str, report: RunReport, seconds: float, cases: Sequence[ET.Element]) -> ET.Element:
    began = {"timestamp": report.started.removesuffix("Z")} if report.started else {}
    skipped = {"skipped": str(sum(case.find("skipped") is not None for case in cases))}
    named = {"name": name, "time": f"{max(0.0, seconds):.3f}"}
    suite = ET.Element("testsuite", {**named, **_counts(cases), **skipped, **began})
    suite.extend(cases)
    return suite


def _counts(cases: Sequence[ET.Element]) -> dict[str, str]:
    found = {name: sum(case.find(tag) is not None for case in cases) for name, tag in _TAGS.items()}
    return {"tests": str(len(cases)), **{name: str(count) for name, count in found.items()}}


_TAGS = {"failures": "failure", "errors": "error"}
