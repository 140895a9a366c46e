"""The queue: nothing starts early, nothing waits for nothing, a failure stops dependents only."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.graph import Graph
from shared.orchestration.queue import GOOD, Queue, Result, backward, forward
from tests.unit.orchestration.test_graph import graphs

DIAMOND = Graph({"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")})


def test_independent_stacks_are_ready_together_in_alphabetical_order() -> None:
    queue = forward(DIAMOND, DIAMOND.order)
    assert queue.ready == ("a",)
    assert queue.start("a").ready == ()
    assert queue.start("a").finish("a", "succeeded").ready == ("b", "c")


def test_a_failure_blocks_dependents_and_nothing_else() -> None:
    queue = forward(DIAMOND, DIAMOND.order).start("a").finish("a", "unchanged").start("b").finish("b", "failed")
    assert queue.blocked == (("d", "b"),)
    assert queue.ready == ("c",)
    assert not queue.done


def test_a_skipped_stack_blocks_its_dependents_in_turn() -> None:
    chain = Graph({"a": (), "b": ("a",), "c": ("b",)})
    queue = forward(chain, chain.order).start("a").finish("a", "failed")
    assert queue.blocked == (("b", "a"),)
    assert queue.finish("b", "skipped").blocked == (("c", "b"),)


def test_destroying_goes_backwards() -> None:
    queue = backward(DIAMOND, DIAMOND.order)
    assert queue.ready == ("d",)
    assert queue.start("d").finish("d", "succeeded").ready == ("b", "c")


def test_only_selected_stacks_are_waited_for() -> None:
    assert forward(DIAMOND, ["d"]).ready == ("d",)
    assert backward(DIAMOND, ["a", "b"]).ready == ("b",)


@given(graphs(), st.randoms(use_true_random=False), st.booleans())
def test_every_run_ends_with_a_result_for_every_stack(graph: Graph, random: Random, back: bool) -> None:
    queue: Queue = (backward if back else forward)(graph, graph.order)
    results: tuple[Result, ...] = ("succeeded", "unchanged", "failed", "cancelled")
    for _ in range(4 * len(graph.order)):
        for stack, cause in queue.blocked:
            assert queue.finished[cause] not in GOOD
            queue = queue.finish(stack, "skipped")
        for stack in queue.ready:
            assert all(queue.finished[other] in GOOD for other in queue.waits[stack])
            queue = queue.start(stack)
        for stack in sorted(queue.running):
            queue = queue.finish(stack, random.choice(results))
    assert queue.done
