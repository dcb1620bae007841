"""Futures of threads, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def done(result: T) -> Future[T]:
    """A future that has its result."""
    whole: Future[T] = Future()
    whole.set_result(result)
    return whole


def then(first: Future[T], step: Callable[[T], Future[R]]) -> Future[R]:
    """The future of ``step``, which begins in the thread that ends ``first``; an error of either ends both."""
    whole: Future[R] = Future()

    def began(ended: Future[T]) -> None:
        try:
            step(ended.result()).add_done_callback(finished)
        except Exception as error:
            whole.set_exception(error)

    def finished(ended: Future[R]) -> None:
        error = ended.exception()
        if error is not None:
            whole.set_exception(error)
        else:
            whole.set_result(ended.result())

    first.add_done_callback(began)
    return whole


def in_turn(values: Iterable[T], step: Callable[[T], Future[R]]) -> Future[list[R]]:
    """The results of ``step`` for each value, which begins when that for the one before has ended.

    However many there are: a chain of ``then`` ends on the stack, one future within the other.
    """
    whole: Future[list[R]] = Future()
    results: list[R] = []
    left = iter(values)

    def go_on() -> None:
        try:
            for value in left:
                following = step(value)
                if not following.done():
                    following.add_done_callback(ended)
                    return
                results.append(following.result())
        except Exception as error:
            whole.set_exception(error)
        else:
            whole.set_result(results)

    def ended(future: Future[R]) -> None:
        error = future.exception()
        if error is not None:
            whole.set_exception(error)
            return
        results.append(future.result())
        go_on()

    go_on()
    return whole


def attempted(first: Future[T], kinds: tuple[type[Exception], ...]) -> Future[T | Exception]:
    """The future's result, or the error that it ends in, if that is of these kinds."""
    whole: Future[T | Exception] = Future()

    def ended(future: Future[T]) -> None:
        error = future.exception()
        if error is None:
            whole.set_result(future.result())
        elif isinstance(error, kinds):
            whole.set_result(error)
        else:
            whole.set_exception(error)

    first.add_done_callback(ended)
    return whole


def or_none(first: Future[T], passed_over: type[Exception]) -> Future[T | None]:
    """The future's result; None where it ends in such an error."""
    return mapped(attempted(first, (passed_over,)), lambda result: None if isinstance(result, Exception) else result)


def mapped(first: Future[T], change: Callable[[T], R]) -> Future[R]:
    """The future of ``change``, applied in the thread that ends ``first``."""
    whole: Future[R] = Future()

    def ended(future: Future[T]) -> None:
        try:
            whole.set_result(change(future.result()))
        except Exception as error:
            whole.set_exception(error)

    first.add_done_callback(ended)
    return whole
