"""Exit codes are an interface: nobody renumbers them by accident."""

from shared.exit_codes import ExitCode


def test_the_numbers_are_pinned() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "SUCCESS": 0,
        "ERROR": 1,
        "CONFIGURATION": 2,
        "AUTHENTICATION": 3,
        "RESOURCE": 4,
        "POLICY": 5,
        "STACK_NOT_FOUND": 6,
        "NO_CHANGES": 7,
        "CANCELLED": 8,
        "TIMEOUT": 9,
        "DRIFT": 10,
        "DEPENDENCY_FAILED": 11,
        "LOCKED": 12,
        "PLAN_REFUSED": 13,
        "INTERNAL": 255,
    }
