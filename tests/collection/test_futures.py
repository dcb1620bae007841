from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep

import pytest

from crawler.collection.futures import in_turn, mapped, then

MANY = 3_000
"""More than the stack is deep."""


def done(value: int) -> "Future[int]":
    future: Future[int] = Future()
    future.set_result(value)
    return future


def failed(error: Exception) -> "Future[int]":
    future: Future[int] = Future()
    future.set_exception(error)
    return future


def test_the_second_step_gets_what_the_first_gave() -> None:
    assert then(done(2), lambda number: done(number * 3)).result() == 6
    assert mapped(done(2), lambda number: number * 3).result() == 6


def test_the_second_step_begins_only_when_the_first_ended() -> None:
    first: Future[int] = Future()
    whole = then(first, lambda number: done(number + 1))
    assert not whole.done()
    first.set_result(1)
    assert whole.result() == 2


@pytest.mark.parametrize("first", [failed(OSError("disk")), done(0)], ids=["first", "second"])
def test_an_error_of_either_step_is_the_error_of_both(first: "Future[int]") -> None:
    with pytest.raises(OSError, match="disk"):
        then(first, lambda _: failed(OSError("disk"))).result()


def test_an_error_raised_by_a_step_is_not_lost() -> None:
    def step(_: int) -> "Future[int]":
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        then(done(1), step).result()
    with pytest.raises(ValueError, match="no"):
        mapped(done(1), step).result()


def test_as_many_as_there_are_are_done_in_turn() -> None:
    under_way = []

    def slow(value: int) -> int:
        under_way.append(value)
        sleep(0.0001)
        assert under_way == [value]
        under_way.clear()
        return value

    with ThreadPoolExecutor(2) as pool:
        ended = in_turn(range(MANY), lambda value: pool.submit(slow, value))
        assert ended.result(timeout=30) == list(range(MANY))
    assert in_turn(range(MANY), done).result(timeout=0) == list(range(MANY))


def test_the_first_error_ends_what_is_done_in_turn() -> None:
    begun = []

    def step(value: int) -> "Future[float]":
        begun.append(value)
        return pool.submit(lambda: 1 / value)

    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        in_turn((2, 1, 0, 3), step).result(timeout=10)
    assert begun == [2, 1, 0]
