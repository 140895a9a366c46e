"""What stack tests see of a program."""

import pulumi
import pytest
from pulumi import Output, ResourceOptions

from tests.unit.stack_mocks import Run, record

_PROTECTED = ResourceOptions(protect=True)


class Part(pulumi.CustomResource):
    def __init__(self, token: str, name: str, *, opts: ResourceOptions | None = None, **inputs: object) -> None:
        super().__init__(token, name, inputs, opts)


def _declare() -> dict[str, object]:
    inner = {"deep": [Output.secret("hush")]}
    whole = Part("sample:one:Thing", "thing", plain="p", inner=inner, opts=_PROTECTED)
    Part("sample:two:Thing", "thing", opts=ResourceOptions(depends_on=[whole]))
    return {"name": Output.from_input("n"), "ids": {"a": Output.from_input("1")}, "absent": None}


@pytest.fixture(scope="module")
def run() -> Run:
    return record(_declare)


def test_inputs_are_in_clear_and_it_is_known_which_are_secret(run: Run) -> None:
    thing = run.one("one:Thing")
    assert thing.inputs == {"plain": "p", "inner": {"deep": ["hush"]}}
    assert thing.secrets == {"inner"}


def test_options_are_seen(run: Run) -> None:
    first, second = run.resources
    assert (first.protect, second.protect) == (True, False)
    assert second.depends_on == {first.urn}
    assert second.after == {"thing"}


def test_outputs_are_plain_values(run: Run) -> None:
    assert run.outputs == {"name": "n", "ids": {"a": "1"}, "absent": None}


def test_a_type_that_fits_two_resources_of_one_name_is_refused(run: Run) -> None:
    assert set(run.all("sample:two:Thing")) == {"thing"}
    with pytest.raises(AssertionError, match="two resources fit Thing"):
        run.all("Thing")


def test_a_run_knows_nothing_of_the_run_before(run: Run) -> None:
    def configured() -> dict[str, object]:
        return {"value": pulumi.Config().get("key")}

    assert record(configured, secrets={"key": "v"}).outputs == {"value": "v"}
    assert record(configured).outputs == {"value": None}
    other = record(_declare, project="other")
    assert {one.urn.split("::")[1] for one in other.resources} == {"other"}
    assert {one.urn.split("::")[1] for one in run.resources} == {"sample"}


def test_a_transformation_of_one_run_is_not_one_of_the_next() -> None:
    def protect(found: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult(found.props, ResourceOptions.merge(found.opts, _PROTECTED))

    def transformed() -> dict[str, object]:
        pulumi.runtime.register_stack_transformation(protect)
        return _declare()

    assert [one.protect for one in record(transformed).resources] == [True, True]
    assert [one.protect for one in record(_declare).resources] == [True, False]
